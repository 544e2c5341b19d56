package dev.serinus.analysis.fleet;

import dev.serinus.schemas.events.ComparisonEvidence;
import dev.serinus.schemas.events.Evidence;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The latest state of every canary and its latest events. Bounded: so many events for a canary, so
 * many canaries with events. Written by one thread, read by any.
 */
public final class FleetView {

    private static final int CANARIES_WITH_HISTORY = 20_000;

    private final int eventsPerCanary;
    private final Map<CanaryKey, RolloutState> states = new TreeMap<>();
    private final Map<CanaryKey, Deque<RolloutEvent>> histories =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(
                        Map.Entry<CanaryKey, Deque<RolloutEvent>> eldest) {
                    return size() > CANARIES_WITH_HISTORY;
                }
            };

    public FleetView(int eventsPerCanary) {
        this.eventsPerCanary = eventsPerCanary;
    }

    /** Takes in a state; none means that the canary is gone. */
    public synchronized void state(CanaryKey canary, @Nullable RolloutState state) {
        if (state == null) {
            states.remove(canary);
            histories.remove(canary);
        } else {
            states.put(canary, state);
        }
    }

    /**
     * Takes in an event of its history. The samples that comparisons judged by are kept of the
     * latest that has any: a hundred events of each canary with a thousand would fill the memory.
     */
    public synchronized void event(CanaryKey canary, RolloutEvent event) {
        Deque<RolloutEvent> history = histories.computeIfAbsent(canary, _ -> new ArrayDeque<>());
        if (hasSamples(event)) {
            var before = history.stream().map(FleetView::withoutSamples).toList();
            history.clear();
            history.addAll(before);
        }
        history.addLast(event);
        if (history.size() > eventsPerCanary) {
            history.removeFirst();
        }
    }

    private static boolean hasSamples(RolloutEvent event) {
        return event.getEvidence().stream()
                .map(Evidence::getComparison)
                .anyMatch(found -> found != null && hasSamples(found));
    }

    /** A side that is silent, or events that did not happen, leave some of them empty. */
    private static boolean hasSamples(ComparisonEvidence found) {
        return Stream.of(
                        found.getCanarySamples(),
                        found.getOtherSamples(),
                        found.getCanaryRequests(),
                        found.getOtherRequests())
                .anyMatch(samples -> !samples.isEmpty());
    }

    private static RolloutEvent withoutSamples(RolloutEvent event) {
        return hasSamples(event)
                ? RolloutEvent.newBuilder(event)
                        .setEvidence(
                                event.getEvidence().stream()
                                        .map(FleetView::withoutSamples)
                                        .toList())
                        .build()
                : event;
    }

    private static Evidence withoutSamples(Evidence evidence) {
        var found = evidence.getComparison();
        return found == null
                ? evidence
                : Evidence.newBuilder(evidence)
                        .setComparison(
                                ComparisonEvidence.newBuilder(found)
                                        .setCanarySamples(List.of())
                                        .setOtherSamples(List.of())
                                        .setCanaryRequests(List.of())
                                        .setOtherRequests(List.of())
                                        .build())
                        .build();
    }

    /** The canaries that are wanted, by name. */
    public synchronized Map<CanaryKey, RolloutState> list(
            Predicate<Map.Entry<CanaryKey, RolloutState>> wanted) {
        Map<CanaryKey, RolloutState> found = new LinkedHashMap<>();
        states.entrySet().stream()
                .filter(wanted)
                .forEach(each -> found.put(each.getKey(), each.getValue()));
        return found;
    }

    public synchronized Optional<RolloutState> find(CanaryKey canary) {
        return Optional.ofNullable(states.get(canary));
    }

    /** The latest events of a canary, the oldest first. */
    public synchronized List<RolloutEvent> history(CanaryKey canary) {
        Deque<RolloutEvent> history = histories.get(canary);
        return history == null ? List.of() : List.copyOf(history);
    }
}
