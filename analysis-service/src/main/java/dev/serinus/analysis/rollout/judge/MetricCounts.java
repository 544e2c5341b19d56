package dev.serinus.analysis.rollout.judge;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Optional;

/**
 * What is counted of one metric in a run.
 *
 * @param failedInARow failed measurements since the last that passed
 * @param inconclusive those without a verdict, since the run began or was settled
 * @param passedInARow since the last that failed or had no verdict
 * @param limits those that it is counted for
 * @param undecidedSince when more had no verdict than is tolerated; null while that is not so
 */
public record MetricCounts(
        String name,
        int failed,
        int failedInARow,
        int inconclusive,
        int passedInARow,
        Limits limits,
        @Nullable Instant undecidedSince) {

    static MetricCounts none(String name, Limits limits) {
        return new MetricCounts(name, 0, 0, 0, 0, limits, null);
    }

    /** The same beside other limits, which may be below what was counted already. */
    MetricCounts within(Limits others, Instant at) {
        return others.equals(limits)
                ? this
                : new MetricCounts(
                                name,
                                failed,
                                failedInARow,
                                inconclusive,
                                passedInARow,
                                others,
                                undecidedSince)
                        .counted(failed, failedInARow, inconclusive, passedInARow, at);
    }

    /**
     * With one more measurement. What had no verdict neither adds to a row of failures nor ends it.
     */
    MetricCounts and(Verdict verdict, Instant at) {
        return switch (verdict) {
            case FAIL -> counted(failed + 1, failedInARow + 1, inconclusive, 0, at);
            case INCONCLUSIVE -> counted(failed, failedInARow, inconclusive + 1, 0, at);
            case PASS -> passed(at);
        };
    }

    private MetricCounts passed(Instant at) {
        var after = counted(failed, 0, inconclusive, passedInARow + 1, at);
        Integer limit = limits.inconclusive();
        return undecidedSince != null && limit != null && after.passedInARow > limit
                ? after.settled()
                : after;
    }

    private MetricCounts counted(
            int failures, int failuresInARow, int withoutVerdict, int passes, Instant at) {
        Integer limit = limits.inconclusive();
        Instant since =
                limit == null || withoutVerdict <= limit
                        ? null
                        : undecidedSince == null ? at : undecidedSince;
        return new MetricCounts(
                name, failures, failuresInARow, withoutVerdict, passes, limits, since);
    }

    /** People looked at it, or it passed as often as it has to: what had no verdict is past. */
    MetricCounts settled() {
        return new MetricCounts(name, failed, failedInARow, 0, passedInARow, limits, null);
    }

    /** True while more had no verdict than its present limit tolerates. */
    public boolean isUndecided() {
        Integer limit = limits.inconclusive();
        return undecidedSince != null && limit != null && inconclusive > limit;
    }

    /** Which limit of failures was reached, in words; empty while none is. */
    Optional<String> broken() {
        Integer inAll = limits.failures();
        if (inAll != null && failed > inAll) {
            return Optional.of(
                    "%s failed %s, and its failureLimit is %d"
                            .formatted(name, times(failed), inAll));
        }
        Integer inARow = limits.consecutiveFailures();
        return inARow != null && failedInARow >= inARow
                ? Optional.of(
                        "%s failed %s in a row, its consecutiveFailures"
                                .formatted(name, times(failedInARow)))
                : Optional.empty();
    }

    /** How often it had no verdict, in words. */
    public String undecided() {
        return "%s had no verdict %s, and its inconclusiveLimit is %d"
                .formatted(name, times(inconclusive), limits.inconclusive());
    }

    private static String times(int count) {
        return count == 1 ? "once" : count + " times";
    }
}
