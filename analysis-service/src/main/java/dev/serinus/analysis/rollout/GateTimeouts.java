package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.hook.HookType.Meaning.Confirms;
import dev.serinus.schemas.hook.Point;

import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** How long gates may stay closed, where their Canary says so, and what follows then. */
final class GateTimeouts {

    private GateTimeouts() {}

    /** The time of a webhook begins with the first question to it, whoever answers that. */
    static TransitionBuilder asked(TransitionBuilder t, Point point, Spec.Hook hook) {
        var run = t.now().run();
        return hook.limit() == null
                ? t
                : t.with(run.with(run.gates().asked(new WaitingGate(point, hook.name()), t.at())));
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
        return hooks(r, point)
                .flatMap(hook -> end(r, point, hook).stream())
                .min(Comparator.naturalOrder());
    }

    private static Stream<Spec.Hook> hooks(Rollout r, Point point) {
        var spec = r.specInForce();
        return spec.hooks(new Confirms(point)).stream().map(place -> spec.hooks().get(place));
    }

    private static Optional<Instant> end(Rollout r, Point point, Spec.Hook hook) {
        var limit = hook.limit();
        return limit == null
                ? Optional.empty()
                : r.run().gates().since(new WaitingGate(point, hook.name())).map(limit::end);
    }

    /** The first that was closed for too long. Held, nothing runs out. */
    static Optional<Spec.Hook> over(TransitionBuilder t, Point point) {
        return t.now().held()
                ? Optional.empty()
                : hooks(t.now(), point)
                        .filter(
                                hook ->
                                        end(t.now(), point, hook)
                                                .filter(end -> !t.at().isBefore(end))
                                                .isPresent())
                        .findFirst();
    }

    /** It was closed for too long: what follows is as its Canary says. */
    static TransitionBuilder timedOut(TransitionBuilder t, Point point, Spec.Hook hook) {
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
                                .with(t.now().run().approving(point, hook.name()))
                                .happened("GateTimedOut", on),
                        point);
            }
            case FAIL -> HeldFailure.failed(t, words, gate);
            case HOLD -> HeldFailure.begin(t, words, words, gate);
        };
    }
}
