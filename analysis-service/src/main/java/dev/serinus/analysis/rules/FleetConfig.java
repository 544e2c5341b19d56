package dev.serinus.analysis.rules;

import dev.serinus.analysis.rollout.gate.FleetRules;
import dev.serinus.analysis.rollout.gate.Freeze;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** All that a fleet file says. */
public final class FleetConfig {

    /** A cluster from which nothing came for so long is silent, where the file does not say. */
    static final Duration SILENT_AFTER = Duration.ofMinutes(5);

    /** That of an installation without a fleet file. */
    public static final FleetConfig NONE = new FleetConfig(List.of(), List.of(), SILENT_AFTER);

    /** Who waits only as nobody knows otherwise should learn that. */
    private static final String UNKNOWN_LABELS =
            "the Canary's labels are not known, so that it holds as if it had those that are meant";

    private final List<Budget> budgets;
    private final List<ScheduledFreeze> freezes;
    private final Duration silentAfter;

    /** What calendars said last: it is asked with every input, and is the same for days. */
    private final AtomicReference<Said> said = new AtomicReference<>();

    /**
     * What they say of each moment from one on until another.
     *
     * @param freezes in their order
     * @param until when one of them is over; null where none ever is
     */
    private record Said(List<Optional<Freeze>> freezes, Instant from, @Nullable Instant until) {

        boolean holds(Instant at) {
            return !at.isBefore(from) && (until == null || at.isBefore(until));
        }
    }

    FleetConfig(List<Budget> budgets, List<ScheduledFreeze> freezes, Duration silentAfter) {
        this.budgets = List.copyOf(budgets);
        this.freezes = List.copyOf(freezes);
        this.silentAfter = silentAfter;
    }

    /** A cluster from which nothing came for so long is silent. */
    public Duration silentAfter() {
        return silentAfter;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FleetConfig config
                && config.budgets.equals(budgets)
                && config.freezes.equals(freezes)
                && config.silentAfter.equals(silentAfter);
    }

    @Override
    public int hashCode() {
        return Objects.hash(budgets, freezes, silentAfter);
    }

    /**
     * What it asks of one canary at a moment.
     *
     * @param labels of the canary; null where they are not known
     */
    public FleetRules rules(CanaryKey canary, @Nullable Map<String, String> labels, Instant at) {
        if (budgets.isEmpty() && freezes.isEmpty()) {
            return FleetRules.NONE;
        }
        return new FleetRules(
                budgets.stream()
                        .filter(budget -> budget.scope().covers(canary, labels))
                        .map(budget -> budget.claim(canary))
                        .toList(),
                freezes(canary, labels, at));
    }

    /** The freezes that are about one canary, each as it lasts at a moment or comes next. */
    private List<Freeze> freezes(
            CanaryKey canary, @Nullable Map<String, String> labels, Instant at) {
        if (freezes.isEmpty()) {
            return List.of();
        }
        var now = said(at).freezes();
        return IntStream.range(0, freezes.size())
                .filter(one -> freezes.get(one).scope().covers(canary, labels))
                .mapToObj(
                        one ->
                                now.get(one)
                                        .map(
                                                freeze ->
                                                        freezes.get(one).scope().isGuess(labels)
                                                                ? freeze.withReason(UNKNOWN_LABELS)
                                                                : freeze))
                .flatMap(Optional::stream)
                .toList();
    }

    private Said said(Instant at) {
        var before = said.get();
        if (before != null && before.holds(at)) {
            return before;
        }
        var now = freezes.stream().map(freeze -> freeze.at(at)).toList();
        var until =
                now.stream()
                        .flatMap(Optional::stream)
                        .map(Freeze::until)
                        .min(Instant::compareTo)
                        .orElse(null);
        var after = new Said(now, at, until);
        said.set(after);
        return after;
    }
}
