package dev.serinus.analysis.action;

import dev.serinus.analysis.fleet.AwaitedAnswer;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.topic.CanaryKey;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;

/**
 * Takes wishes of people, waits for the decision, and says what became of them. A wish that is
 * repeated by its key is answered the same and asked for once: what was decided is found in the
 * public history, and what still is on its way the analysis takes once. What is about a run is
 * asked for the one that is seen here, unless the wish names one: a run that begins while it is on
 * its way is left alone.
 */
public final class ActionDesk {

    private final FleetView fleet;
    private final ActionSender sender;
    private final InstantSource time;
    private final Duration patience;
    private final BooleanSupplier ready;

    /** One whose fleet is known. */
    public ActionDesk(FleetView fleet, ActionSender sender, InstantSource time, Duration patience) {
        this(fleet, sender, time, patience, () -> true);
    }

    /**
     * @param patience after which an answer says that there is no decision yet
     * @param ready false while the fleet is not known yet: what is not there may come
     */
    public ActionDesk(
            FleetView fleet,
            ActionSender sender,
            InstantSource time,
            Duration patience,
            BooleanSupplier ready) {
        this.ready = ready;
        this.fleet = fleet;
        this.sender = sender;
        this.time = time;
        this.patience = patience;
    }

    /** False while the fleet is not known yet. */
    public boolean isReady() {
        return ready.getAsBoolean();
    }

    /**
     * Asks for it.
     *
     * @param key by which it is repeated; empty for none
     */
    public Became ask(CanaryKey canary, String actor, Wish wish, String key)
            throws InterruptedException {
        if (!ready.getAsBoolean()) {
            // What was answered before may be answered again, and be taken for new.
            return new Became.NotReady();
        }
        var state = fleet.find(canary);
        if (state.isEmpty()) {
            return new Became.Unknown();
        }
        String id = wish.id(actor, key);
        boolean used =
                fleet.history(canary).stream()
                        .map(RolloutEvent::getAction)
                        .anyMatch(
                                it ->
                                        it != null
                                                && Wish.isOfKey(it.getId(), actor, key)
                                                && !it.getId().equals(id));
        if (used) {
            return new Became.KeyUsed();
        }
        try (var answer = fleet.answer(canary, id)) {
            if (answer.now().isPresent()) {
                return decided(canary, id, answer, Duration.ZERO);
            }
            long latest = state.get().getSequence();
            if (wish.ifSequence() != 0 && wish.ifSequence() != latest) {
                return new Became.Outdated(latest);
            }
            var meant = wish.forRun(state.get().getRun());
            if (meant.run() == 0 && meant.isOfARunThatGoesOn()) {
                return new Became.NoRun(state.get().getPossibleActions());
            }
            return send(canary, action(canary, actor, meant, id))
                    ? decided(canary, id, answer, patience)
                    : new Became.Unsent(id);
        }
    }

    /** What became of a wish that was asked for; {@link Became.Underway} while nothing did. */
    public Became look(CanaryKey canary, String id) throws InterruptedException {
        if (!ready.getAsBoolean()) {
            return new Became.NotReady();
        }
        if (fleet.find(canary).isEmpty()) {
            return new Became.Unknown();
        }
        try (var answer = fleet.answer(canary, id)) {
            return decided(canary, id, answer, Duration.ZERO);
        }
    }

    /** What would become of it if it were asked for. */
    public Became predict(CanaryKey canary, Wish wish) {
        if (!ready.getAsBoolean()) {
            return new Became.NotReady();
        }
        return fleet.find(canary)
                .<Became>map(state -> predicted(state, wish))
                .orElseGet(Became.Unknown::new);
    }

    private static Became predicted(RolloutState state, Wish wish) {
        if (wish.ifSequence() != 0 && wish.ifSequence() != state.getSequence()) {
            return new Became.Outdated(state.getSequence());
        }
        var possible = state.getPossibleActions();
        boolean meant = wish.run() == 0 || wish.run() == state.getRun();
        return new Became.Predicted(meant && possible.contains(wish.word()), possible, state);
    }

    private Action action(CanaryKey canary, String actor, Wish wish, String id) {
        return Action.newBuilder()
                .setCanary(canary.toString())
                .setActor(actor)
                .setAskedAt(time.instant().truncatedTo(ChronoUnit.MILLIS))
                .setAction(wish.action())
                .setReason(wish.reason())
                .setRun(wish.run())
                .setId(id)
                .setGate(wish.gate())
                .setSequence(wish.ifSequence())
                .build();
    }

    /** False when the broker did not take it in time. */
    private boolean send(CanaryKey canary, Action action) throws InterruptedException {
        var sent = new CompletableFuture<Boolean>();
        var sending =
                Thread.ofVirtual()
                        .name("action")
                        .start(
                                () -> {
                                    try {
                                        sender.send(canary, action);
                                        sent.complete(true);
                                    } catch (InterruptedException givenUp) {
                                        sent.complete(false);
                                    } catch (RuntimeException never) {
                                        sent.completeExceptionally(never);
                                    }
                                });
        try {
            return sent.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            sending.interrupt();
            return false;
        } catch (ExecutionException never) {
            throw new IllegalStateException("an action could not be sent", never.getCause());
        }
    }

    private Became decided(CanaryKey canary, String id, AwaitedAnswer answer, Duration longest)
            throws InterruptedException {
        var event = answer.within(longest);
        return event.isEmpty()
                ? new Became.Underway(id)
                : fleet.since(canary, event.get().getAt(), longest)
                        .<Became>map(state -> new Became.Decided(event.get(), state))
                        .orElseGet(Became.Unknown::new);
    }
}
