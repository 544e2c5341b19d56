package dev.serinus.analysis.api;

import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * On what a run has spent its time from its first event to its last, in milliseconds, as its events
 * tell: each says on whom or what is waited until the next.
 *
 * @param activeMillis its work: pods, intervals, checks, freezes
 * @param personMillis until a person, or whoever else opens a gate, did something
 * @param fleetMillis until other rollouts let it go on: budgets, waves, groups
 * @param on what it spends time on since: active, person or fleet; nobody where it rests
 * @param since its last event
 */
record SpentTime(long activeMillis, long personMillis, long fleetMillis, String on, Instant since) {

    private static final String ACTIVE = "active";
    private static final String PERSON = "person";
    private static final String FLEET = "fleet";
    private static final String NOBODY = "nobody";

    /** Of the present run; empty where not all of its events are there, or one did not tell. */
    static Optional<SpentTime> of(List<RolloutEvent> history, RolloutState state) {
        var events =
                history.stream()
                        .filter(event -> event.getRun() == state.getRun())
                        .filter(event -> event.getUid().equals(state.getUid()))
                        .toList();
        if (events.isEmpty()
                || events.getFirst().getSequence() != 1
                || events.stream().anyMatch(event -> event.getWaitingOn().isEmpty())) {
            return Optional.empty();
        }
        var spent = new SpentTime(0, 0, 0, NOBODY, events.getFirst().getAt());
        for (RolloutEvent event : events) {
            spent = spent.until(event.getAt()).then(kind(event.getWaitingOn()));
        }
        return Optional.of(spent);
    }

    /**
     * What is waited for without anybody's doing is the rollout's work; so is what is not known.
     */
    private static String kind(String waitingOn) {
        return switch (waitingOn) {
            case PERSON, FLEET, NOBODY -> waitingOn;
            default -> ACTIVE;
        };
    }

    private SpentTime until(Instant at) {
        long passed = Math.max(0, Duration.between(since, at).toMillis());
        return new SpentTime(
                activeMillis + (on.equals(ACTIVE) ? passed : 0),
                personMillis + (on.equals(PERSON) ? passed : 0),
                fleetMillis + (on.equals(FLEET) ? passed : 0),
                on,
                at);
    }

    private SpentTime then(String next) {
        return new SpentTime(activeMillis, personMillis, fleetMillis, next, since);
    }
}
