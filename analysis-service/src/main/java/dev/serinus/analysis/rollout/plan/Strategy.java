package dev.serinus.analysis.rollout.plan;

import dev.serinus.schemas.canary.Weight;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.stream.Stream;

/**
 * How traffic moves; fixed for a run once it began.
 *
 * @param iterations rounds of an A/B test or a Blue/Green release; beside weights how many checks
 *     there are in all, the last of them at the last weight; 0 for one at each weight
 * @param maxWeightWritten as the manifest has it; nothing where it has none
 * @param stepWeightPromotion how much goes back to the primary at a time; nothing for all at once
 * @param mirror the canary gets copies of requests first
 * @param matched only requests that match conditions meet the canary
 * @param copies how the share of mirrored requests grows; null where it is one, as the Canary says
 */
public record Strategy(
        int iterations,
        Weight stepWeight,
        List<Weight> stepWeights,
        Weight maxWeight,
        Weight maxWeightWritten,
        Weight stepWeightPromotion,
        boolean mirror,
        boolean matched,
        @Nullable Copies copies) {

    public Strategy {
        stepWeights = List.copyOf(stepWeights);
    }

    /** False for an A/B test and a Blue/Green release. */
    public boolean movesWeights() {
        return iterations == 0 || stepWeight.isAny() || !stepWeights.isEmpty();
    }

    /** All weights that it names. */
    public Stream<Weight> weights() {
        return Stream.concat(
                Stream.of(stepWeight, maxWeight, maxWeightWritten, stepWeightPromotion),
                stepWeights.stream());
    }
}
