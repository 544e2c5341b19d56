package dev.serinus.schemas.admission;

import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.targets.TargetKind;

import java.time.Duration;
import java.util.Optional;

/** What keeps a query in PromQL from telling the sides apart, wherever it is written. */
public final class ComparedQueries {

    private ComparedQueries() {}

    /**
     * The first thing that is wrong with it; empty where nothing is.
     *
     * @param kind of the target
     * @param interval of the metric: its samples are so far apart
     * @param baseline true where there is a baseline beside the primary
     */
    public static Optional<String> problem(
            String query, TargetKind kind, Duration interval, boolean baseline) {
        return matchesOtherSide(query, kind, baseline).or(() -> looksBack(query, interval));
    }

    static Optional<String> matchesOtherSide(String query, TargetKind kind, boolean baseline) {
        var primary = matches(query, kind, "primary");
        return baseline ? primary.or(() -> matches(query, kind, "baseline")) : primary;
    }

    private static Optional<String> matches(String query, TargetKind kind, String side) {
        return OtherSideMatches.in(query, kind, side)
                .map(
                        matcher ->
                                "has %s, which matches NAME-%s too, so that the canary would be measured together with the %s: name its pods as {{ target }}-[0-9a-z]+%s"
                                        .formatted(
                                                matcher,
                                                side,
                                                side,
                                                kind == TargetKind.DAEMON_SET ? "" : "-[0-9a-z]+"));
    }

    static Optional<String> looksBack(String query, Duration interval) {
        return LookBacks.in(query).flatMap(range -> tooFar(range, interval).stream()).findFirst();
    }

    private static Optional<String> tooFar(LookBacks.LookBack range, Duration interval) {
        if (range.length().isEmpty()) {
            return Optional.of(
                    "looks back [%s], which is no duration such as 90s or 1h30m, so that nobody knows how often each request would count: write [{{ interval }}]"
                            .formatted(range.written()));
        }
        return range.length()
                .filter(length -> length.compareTo(interval) > 0)
                .map(
                        _ ->
                                "looks back %s while its samples are %s apart, so that each request would count several times: write [{{ interval }}], or a longer interval of the metric"
                                        .formatted(range.written(), Durations.print(interval)));
    }
}
