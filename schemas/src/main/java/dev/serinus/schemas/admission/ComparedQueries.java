package dev.serinus.schemas.admission;

import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.targets.TargetKind;

import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** What keeps a query in PromQL from telling canary and primary apart, wherever it is written. */
public final class ComparedQueries {

    /** The time that a range vector looks back. */
    private static final Pattern RANGE = Pattern.compile("\\[\\s*((?:\\d+(?:ms|[smh]))+)\\s*[]:]");

    private ComparedQueries() {}

    /**
     * The first thing that is wrong with it; empty where nothing is.
     *
     * @param kind of the target
     * @param interval of the metric: its samples are so far apart
     */
    public static Optional<String> problem(String query, TargetKind kind, Duration interval) {
        return matchesPrimary(query, kind).or(() -> looksBack(query, interval));
    }

    static Optional<String> matchesPrimary(String query, TargetKind kind) {
        return PrimaryMatches.in(query, kind)
                .map(
                        matcher ->
                                "has %s, which matches NAME-primary too, so that the canary would be measured together with the primary: name its pods as {{ target }}-[0-9a-z]+%s"
                                        .formatted(
                                                matcher,
                                                kind == TargetKind.DAEMON_SET ? "" : "-[0-9a-z]+"));
    }

    static Optional<String> looksBack(String query, Duration interval) {
        return RANGE.matcher(query)
                .results()
                .map(range -> range.group(1))
                .filter(
                        range ->
                                Durations.parse(range)
                                        .filter(Duration::isPositive)
                                        .filter(length -> length.compareTo(interval) > 0)
                                        .isPresent())
                .findFirst()
                .map(
                        range ->
                                "looks back %s while its samples are %s apart, so that each request would count several times: write [{{ interval }}], or a longer interval of the metric"
                                        .formatted(range, Durations.print(interval)));
    }
}
