package dev.serinus.analysis.fleet;

import static java.util.stream.Collectors.toSet;

import dev.serinus.schemas.events.ComparisonEvidence;
import dev.serinus.schemas.events.Evidence;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The latest state of every canary and its latest events. Bounded: so many events for a canary, so
 * many canaries with events. Written by one thread, read by any.
 */
public final class FleetView {

    private static final int CANARIES_WITH_HISTORY = 20_000;

    private final String id = Long.toHexString(ThreadLocalRandom.current().nextLong());
    private final int eventsPerCanary;
    private final Map<CanaryKey, RolloutState> states = new TreeMap<>();
    private final Map<CanaryKey, History> histories =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<CanaryKey, History> eldest) {
                    return size() > CANARIES_WITH_HISTORY;
                }
            };

    private final HeardClusters heard = new HeardClusters();
    private final ChangeNumbers numbers = new ChangeNumbers();

    /** Who waits for the answer to which action. */
    private final Map<Asked, Set<AwaitedAnswer>> awaited = new HashMap<>();

    private record Asked(CanaryKey canary, String id) {}

    public FleetView(int eventsPerCanary) {
        this.eventsPerCanary = eventsPerCanary;
    }

    /** Takes in a state; none means that the canary is gone. */
    public synchronized void state(CanaryKey canary, @Nullable RolloutState state) {
        if (state == null) {
            if (states.remove(canary) != null) {
                numbers.gone(canary);
            }
            histories.remove(canary);
        } else {
            states.put(canary, state);
            numbers.changed(canary);
        }
        notifyAll();
    }

    /**
     * Takes in an event of its history. The samples that comparisons judged by are kept of the
     * latest that has any: a hundred events of each canary with a thousand would fill the memory.
     */
    public synchronized void event(CanaryKey canary, RolloutEvent event) {
        History history = histories.computeIfAbsent(canary, _ -> new History(eventsPerCanary));
        if (hasSamples(event)) {
            history.replaceAll(FleetView::withoutSamples);
        }
        history.add(event, numbers.next());
        notifyAll();
        var answer = event.getAction();
        if (answer != null) {
            awaited.getOrDefault(new Asked(canary, answer.getId()), Set.of())
                    .forEach(waits -> waits.give(event));
        }
    }

    /** Waits for the event that answers an action; it may be among the latest already. */
    public synchronized AwaitedAnswer answer(CanaryKey canary, String id) {
        var asked = new Asked(canary, id);
        var answer = new AwaitedAnswer(waits -> forget(asked, waits));
        awaited.computeIfAbsent(asked, _ -> new HashSet<>()).add(answer);
        history(canary).stream()
                .filter(it -> it.getAction() != null && it.getAction().getId().equals(id))
                .findFirst()
                .ifPresent(answer::give);
        return answer;
    }

    private synchronized void forget(Asked asked, AwaitedAnswer answer) {
        awaited.computeIfPresent(
                asked,
                (_, waiting) -> {
                    waiting.remove(answer);
                    return waiting.isEmpty() ? null : waiting;
                });
    }

    /**
     * The state of a canary once it is as of this time or later; the one that is known if that
     * takes too long. States and events come on topics of their own, one after the other.
     */
    public synchronized Optional<RolloutState> since(
            CanaryKey canary, Instant at, Duration patience) throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            var state = states.get(canary);
            long left = (end - System.nanoTime()) / 1_000_000;
            if (state == null || !state.getUpdatedAt().isBefore(at) || left <= 0) {
                return Optional.ofNullable(state);
            }
            wait(left);
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

    /** The clusters of the canaries that are wanted. */
    public synchronized Set<String> clusters(Predicate<Map.Entry<CanaryKey, RolloutState>> wanted) {
        return states.entrySet().stream()
                .filter(wanted)
                .map(each -> each.getKey().cluster())
                .collect(toSet());
    }

    /** True where a canary of this cluster is known. */
    public synchronized boolean knows(String cluster) {
        return states.keySet().stream().anyMatch(each -> each.cluster().equals(cluster));
    }

    public synchronized Optional<RolloutState> find(CanaryKey canary) {
        return Optional.ofNullable(states.get(canary));
    }

    /** The latest events of a canary, the oldest first. */
    public synchronized List<RolloutEvent> history(CanaryKey canary) {
        return eventsSince(canary, 0);
    }

    /** The canaries that have events. */
    public synchronized List<CanaryKey> withHistory() {
        return List.copyOf(histories.keySet());
    }

    /**
     * The latest events of a canary of this time or later, the last that came first.
     *
     * @param people only what people asked for
     */
    public synchronized List<RolloutEvent> history(
            CanaryKey canary, Instant since, boolean people) {
        History history = histories.get(canary);
        return history == null ? List.of() : history.since(since, people);
    }

    /** When each cluster last gave a sign of life. */
    public HeardClusters heard() {
        return heard;
    }

    /** Tells this view from every other: the numbers of changes are its own. */
    public String id() {
        return id;
    }

    /** The number of the latest change, from 1. */
    public synchronized long number() {
        return numbers.latest();
    }

    /**
     * What changed after a change, as soon as there is something.
     *
     * @param number of the change that is known
     * @param one canary whose events are wanted too; null for none
     * @param patience after which the answer is that nothing changed
     */
    public synchronized Changes changes(long number, @Nullable CanaryKey one, Duration patience)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (numbers.latest() == number) {
            long left = (end - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                break;
            }
            wait(left);
        }
        if (!numbers.knowsSince(number)) {
            return new Changes(numbers.latest(), false, Map.of(), Set.of(), List.of());
        }
        Map<CanaryKey, RolloutState> changed = new LinkedHashMap<>();
        for (CanaryKey canary : numbers.changedSince(number)) {
            changed.put(canary, Objects.requireNonNull(states.get(canary)));
        }
        return new Changes(
                numbers.latest(),
                true,
                changed,
                numbers.goneSince(number),
                one == null ? List.of() : eventsSince(one, number));
    }

    private List<RolloutEvent> eventsSince(CanaryKey canary, long number) {
        History history = histories.get(canary);
        return history == null ? List.of() : history.after(number);
    }
}
