package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.GateLimit.OnTimeout;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.hook.HookType.Meaning.Confirms;
import dev.serinus.schemas.hook.Point;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** How long gates may stay closed, where their Canary says so, and what follows then. */
final class GateTimeouts {

    private GateTimeouts() {}

    /** The time of a webhook begins with the first question to it, whoever answers that. */
    static TransitionBuilder asked(TransitionBuilder t, Point point, int place) {
        var run = t.now().run();
        return t.spec().hooks().get(place).limit() == null
                ? t
                : t.with(run.with(run.gates().asked(gate(t.spec(), point, place), t.at())));
    }

    /** Each has a time of its own, also beside another one of its name. */
    private static WaitingGate gate(Spec spec, Point point, int place) {
        return new WaitingGate(point, spec.gateKeys().get(place));
    }

    /** When the gate that is asked will have been closed for too long; empty where it never is. */
    static Optional<Instant> limit(Rollout r) {
        if (r.stage().awaited() instanceof Awaited.OpenGate(var point, var _, var _)) {
            return limit(r, point);
        }
        return r.stage().question() instanceof Question.CallHook(var type, var _)
                        && type.meaning() instanceof Confirms(var point)
                ? limit(r, point)
                : Optional.empty();
    }

    /** When that will be at this point. */
    static Optional<Instant> limit(Rollout r, Point point) {
        return places(r, point)
                .flatMap(place -> end(r, point, place).stream())
                .min(Comparator.naturalOrder());
    }

    /** The gate at which it waits, by its webhook; empty where it waits at none. */
    static Optional<Situation.ClosedGate> closed(Rollout r) {
        if (!(r.stage().awaited() instanceof Awaited.OpenGate(var point, var by, var _))) {
            return Optional.empty();
        }
        // People who hold it stop its time as well.
        var first =
                places(r, point)
                        .filter(place -> r.specInForce().hooks().get(place).name().equals(by))
                        .filter(place -> !r.held() && end(r, point, place).isPresent())
                        .min(Comparator.comparing(place -> end(r, point, place).orElseThrow()));
        return Optional.of(
                new Situation.ClosedGate(
                        by,
                        first.flatMap(place -> end(r, point, place)).orElse(null),
                        first.map(place -> then(r, place)).orElse(null)));
    }

    /** What really follows: what fails may be held for people. */
    private static OnTimeout then(Rollout r, int place) {
        var limit =
                Objects.requireNonNull(
                        r.specInForce().hooks().get(place).limit(), "one that ends has a limit");
        return limit.onTimeout() == OnTimeout.FAIL && r.specInForce().ruled().holdsFailed()
                ? OnTimeout.HOLD
                : limit.onTimeout();
    }

    private static Stream<Integer> places(Rollout r, Point point) {
        return r.specInForce().hooks(new Confirms(point)).stream();
    }

    private static Optional<Instant> end(Rollout r, Point point, int place) {
        var spec = r.specInForce();
        var limit = spec.hooks().get(place).limit();
        return limit == null
                ? Optional.empty()
                : r.run().gates().since(gate(spec, point, place)).map(limit::end);
    }

    /** The place of the first that was closed for too long. Held, nothing runs out. */
    static Optional<Integer> over(TransitionBuilder t, Point point) {
        return t.now().held()
                ? Optional.empty()
                : places(t.now(), point)
                        .filter(
                                place ->
                                        end(t.now(), point, place)
                                                .filter(end -> !t.at().isBefore(end))
                                                .isPresent())
                        .findFirst();
    }

    /** It was closed for too long: what follows is as its Canary says. */
    static TransitionBuilder timedOut(TransitionBuilder t, Point point, int place) {
        var hook = t.spec().hooks().get(place);
        var limit = Objects.requireNonNull(hook.limit(), "one without a limit never times out");
        String words =
                "gate %s was not opened within %s"
                        .formatted(hook.name(), Durations.print(limit.timeout()));
        var gate = new WaitingGate(point, hook.name());
        return switch (limit.onTimeout()) {
            case PROCEED -> {
                String on = "%s: %s goes on without it".formatted(words, t.canary());
                yield OpenedGate.goOn(
                        t.warning(on)
                                .chat(Severity.WARN, on)
                                .with(
                                        t.now()
                                                .run()
                                                .approving(
                                                        point,
                                                        List.of(
                                                                gate(t.spec(), point, place)
                                                                        .hook())))
                                .happened("GateTimedOut", on),
                        point);
            }
            case FAIL -> HeldFailure.failed(t, words, gate);
            case HOLD -> HeldFailure.begin(t, words, words, gate);
        };
    }
}
