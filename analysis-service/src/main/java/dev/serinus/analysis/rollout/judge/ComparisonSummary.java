package dev.serinus.analysis.rollout.judge;

import dev.serinus.analysis.rollout.judge.compare.Classification;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What the comparisons of one check came to, without samples.
 *
 * @param from begin of the window
 * @param verdict over the whole check
 * @param score null where none is asked for
 */
public record ComparisonSummary(
        Instant from, Instant at, Verdict verdict, @Nullable Double score, List<Metric> metrics) {

    /** What one of them came to. */
    public record Metric(
            String name,
            Classification classification,
            long canarySize,
            long otherSize,
            @Nullable Double effect,
            @Nullable Double p,
            String digest) {}

    public ComparisonSummary {
        metrics = List.copyOf(metrics);
    }

    /** Null where nothing was compared. */
    static @Nullable ComparisonSummary of(
            List<Evidence> evidence, Verdict verdict, @Nullable Double score) {
        List<ComparisonEvidence> compared =
                evidence.stream().map(Evidence::comparison).filter(Objects::nonNull).toList();
        return compared.isEmpty()
                ? null
                : new ComparisonSummary(
                        compared.getFirst().from(),
                        compared.getFirst().to(),
                        verdict,
                        score,
                        evidence.stream()
                                .filter(one -> one.comparison() != null)
                                .map(one -> metric(one.check(), one.comparison()))
                                .toList());
    }

    private static Metric metric(String name, @Nullable ComparisonEvidence found) {
        var compared = Objects.requireNonNull(found);
        return new Metric(
                name,
                compared.classification(),
                compared.canarySize(),
                compared.otherSize(),
                compared.effect(),
                compared.p(),
                compared.digest());
    }
}
