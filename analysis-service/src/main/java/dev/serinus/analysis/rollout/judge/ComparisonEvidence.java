package dev.serinus.analysis.rollout.judge;

import dev.serinus.analysis.rollout.judge.compare.Classification;

import org.jspecify.annotations.Nullable;

import java.time.Instant;

/**
 * How the canary compared with another side, and by what numbers; those that do not exist are null.
 *
 * @param judge the test, in the word of manifests
 * @param canarySize values that were compared, or requests
 * @param because the finding in a sentence
 * @param digest of the samples, see {@link Sides#digest()}
 * @param sides the samples; none where there are too many to tell
 */
public record ComparisonEvidence(
        String with,
        String judge,
        Classification classification,
        Instant from,
        Instant to,
        long canarySize,
        long otherSize,
        @Nullable Double canaryMean,
        @Nullable Double otherMean,
        @Nullable Double effect,
        @Nullable Double lower,
        @Nullable Double upper,
        @Nullable Double p,
        String because,
        String digest,
        Sides sides) {

    ComparisonEvidence withoutSamples() {
        return new ComparisonEvidence(
                with,
                judge,
                classification,
                from,
                to,
                canarySize,
                otherSize,
                canaryMean,
                otherMean,
                effect,
                lower,
                upper,
                p,
                because,
                digest,
                Sides.NONE);
    }
}
