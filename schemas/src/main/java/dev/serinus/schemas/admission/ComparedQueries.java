package dev.serinus.schemas.admission;

import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.mesh.PodNames;
import dev.serinus.schemas.targets.TargetKind;

import java.time.Duration;
import java.util.Optional;

/** What keeps a query in PromQL from telling the sides apart, wherever it is written. */
public final class ComparedQueries {

    private static final String ANY_SHORT = "podinfo";

    private ComparedQueries() {}

    /**
     * The first thing that is wrong with it; empty where nothing is.
     *
     * @param kind of the target
     * @param name of the target: of a long one Kubernetes cuts what pods are known by
     * @param interval of the metric: its samples are so far apart
     * @param baseline true where there is a baseline beside the primary
     */
    public static Optional<String> problem(
            String query, TargetKind kind, String name, Duration interval, boolean baseline) {
        return matchesOtherSide(query, kind, name, baseline).or(() -> looksBack(query, interval));
    }

    static Optional<String> matchesOtherSide(
            String query, TargetKind kind, String name, boolean baseline) {
        var primary = matches(query, kind, name, "primary");
        return baseline ? primary.or(() -> matches(query, kind, name, "baseline")) : primary;
    }

    /**
     * What of a query tells the sides apart by names of pods, and does not with this target's name,
     * which Kubernetes cuts for them.
     */
    public static Optional<String> misledByLength(
            String query, TargetKind kind, String name, boolean baseline) {
        return matchesOtherSide(query, kind, name, baseline)
                .filter(_ -> matchesOtherSide(query, kind, ANY_SHORT, baseline).isEmpty());
    }

    private static Optional<String> matches(
            String query, TargetKind kind, String name, String side) {
        return OtherSideMatches.in(query, kind, name, side)
                .map(
                        matcher ->
                                "has %s, which matches NAME-%s too, so that the canary would be measured together with the %s: name its pods as %s"
                                        .formatted(
                                                matcher,
                                                side,
                                                side,
                                                PodNames.advice(
                                                        kind == TargetKind.DAEMON_SET,
                                                        name,
                                                        side)));
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
