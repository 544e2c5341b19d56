package dev.serinus.analysis.rollout.plan;

import java.util.List;

/**
 * How traffic moves; fixed for a run once it began. Weights are percent.
 *
 * @param iterations rounds of an A/B test or a Blue/Green release; 0 where traffic moves by weight
 * @param maxWeightWritten as the manifest has it; 0 where it has none
 * @param stepWeightPromotion how much goes back to the primary at a time; 0 for all at once
 * @param mirror the canary gets copies of requests first
 * @param matched only requests that match conditions meet the canary
 */
public record Strategy(
        int iterations,
        int stepWeight,
        List<Integer> stepWeights,
        int maxWeight,
        int maxWeightWritten,
        int stepWeightPromotion,
        boolean mirror,
        boolean matched) {

    public Strategy {
        stepWeights = List.copyOf(stepWeights);
    }
}
