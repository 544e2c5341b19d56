package dev.serinus.schemas.canary;

import org.jspecify.annotations.Nullable;

import java.util.Optional;

/**
 * How the share of requests that are copied to the canary grows, one step at each check, in either
 * spelling of it.
 *
 * @param from the first share, in percent
 * @param step what is added, in percent; 0 where nothing says it
 * @param most the last share, in percent
 */
public record MirrorGrowth(int from, int step, int most) {

    /** Where a Canary says neither by how much it grows nor how far, it does not. */
    public static Optional<MirrorGrowth> of(CanaryAnalysis analysis) {
        Integer step = step(analysis);
        Integer most = most(analysis);
        if (step == null && most == null) {
            return Optional.empty();
        }
        int by = step == null ? 0 : step;
        Integer written = analysis.mirrorWeight();
        return Optional.of(
                new MirrorGrowth(
                        written == null || written <= 0 ? by : written,
                        by,
                        most == null ? 100 : most));
    }

    private static @Nullable Integer step(CanaryAnalysis analysis) {
        var nested = analysis.canaryAnalysis();
        return analysis.stepMirrorWeight() != null || nested == null
                ? analysis.stepMirrorWeight()
                : nested.stepWeightPromotion();
    }

    private static @Nullable Integer most(CanaryAnalysis analysis) {
        var nested = analysis.canaryAnalysis();
        return analysis.maxMirrorWeight() != null || nested == null
                ? analysis.maxMirrorWeight()
                : nested.maxMirrorWeight();
    }

    /** Checks that it takes to the last share. */
    public int checks() {
        return step <= 0 || most <= from ? 1 : 1 + Math.ceilDiv(most - from, step);
    }
}
