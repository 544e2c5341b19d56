package dev.serinus.bench.figures;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Percentiles by nearest rank: each is a value that was measured, so that none is better than any
 * sample.
 */
public final class Percentiles {

    private final long[] ordered;

    private Percentiles(long[] ordered) {
        this.ordered = ordered;
    }

    /** Of at least one time in nanoseconds. */
    public static Percentiles of(Collection<Long> nanos) {
        if (nanos.isEmpty()) {
            throw new IllegalArgumentException("percentiles of nothing");
        }
        long[] ordered = nanos.stream().mapToLong(Long::longValue).toArray();
        Arrays.sort(ordered);
        return new Percentiles(ordered);
    }

    /** The smallest sample that is not below {@code percent} of all. */
    public Duration at(int percent) {
        if (percent < 1 || percent > 100) {
            throw new IllegalArgumentException("percent must be 1..100, was " + percent);
        }
        int rank = Math.ceilDiv(ordered.length * percent, 100);
        return Duration.ofNanos(ordered[rank - 1]);
    }

    /** How many samples there are. */
    public int samples() {
        return ordered.length;
    }

    /** p50, p90, p99 and the largest, in milliseconds. */
    public List<Figure> figures(String section, String name) {
        return List.of(
                figure(section, name + ", p50", 50),
                figure(section, name + ", p90", 90),
                figure(section, name + ", p99", 99),
                figure(section, name + ", max", 100));
    }

    private Figure figure(String section, String name, int percent) {
        return new Figure(section, name, at(percent).toNanos() / 1e6, "ms", ordered.length);
    }
}
