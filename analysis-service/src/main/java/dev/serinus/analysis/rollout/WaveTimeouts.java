package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Governed.PassedWave;
import dev.serinus.analysis.rollout.Governed.WaveWait;
import dev.serinus.analysis.rollout.gate.GateLimit;
import dev.serinus.analysis.rollout.gate.Predecessor;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.hook.Point;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How long promotions of other canaries are waited for, where the Canary says so, and what follows
 * then. Once the other was promoted, its soak has an end of its own.
 */
final class WaveTimeouts {

    /** Before the name of a canary, where people approve that it is waited for no more. */
    private static final String GATE = "after/";

    private WaveTimeouts() {}

    // ---- how long

    /**
     * The time begins with the first question, and with each release anew; all of it begins again
     * after a freeze, in which the other one is mostly held as well, and after whatever else kept
     * this one.
     */
    static TransitionBuilder asked(TransitionBuilder t) {
        var wait = of(t.now());
        boolean limits =
                t.spec().ruled().predecessors().stream().anyMatch(one -> one.limit() != null);
        return limits && wait.since() == null && !Freezes.lasts(t.now(), t.at())
                ? with(t, wait.since(t.at()))
                : t;
    }

    /** Nobody was waited for meanwhile: all of the time begins again. */
    static TransitionBuilder anew(TransitionBuilder t) {
        var wait = of(t.now());
        return wait.since() == null ? t : with(t, wait.since(null));
    }

    /** When the promotion that is waited for will have been so for too long; empty where never. */
    static Optional<Instant> limit(Rollout r) {
        var since = of(r).since();
        return since == null || Freezes.lasts(r, r.at())
                ? Optional.empty()
                : waitedFor(r).map(Predecessor::limit).map(limit -> limit.end(since));
    }

    private static Optional<Predecessor> waitedFor(Rollout r) {
        var permit = Permits.of(r);
        return permit == null || permit.until() != null
                ? Optional.empty()
                : Permits.behind(r)
                        .filter(first -> !isOver(r, first))
                        .flatMap(first -> named(r, first));
    }

    private static Optional<Predecessor> named(Rollout r, String canary) {
        return r.specInForce().ruled().predecessors().stream()
                .filter(one -> one.of(r.canary()).equals(canary))
                .findFirst();
    }

    // ---- what follows

    /** What follows where one was waited for too long. Held, nothing runs out. */
    static Optional<TransitionBuilder> timedOut(TransitionBuilder t) {
        return t.now().held()
                ? Optional.empty()
                : limit(t.now())
                        .filter(end -> !t.at().isBefore(end))
                        .flatMap(_ -> waitedFor(t.now()))
                        .map(one -> timedOut(t, one));
    }

    private static TransitionBuilder timedOut(TransitionBuilder t, Predecessor one) {
        GateLimit limit =
                Objects.requireNonNull(one.limit(), "one without a limit never times out");
        String canary = one.of(t.now().canary());
        String words =
                "%s was not promoted with this release within %s"
                        .formatted(canary, Durations.print(limit.timeout()));
        var gate = new WaitingGate(Point.START, GATE + canary);
        return switch (limit.onTimeout()) {
            case PROCEED -> {
                String on = "%s: %s goes on without it".formatted(words, t.canary());
                yield OpenedGate.goOn(
                        over(t, canary)
                                .warning(on)
                                .chat(Severity.WARN, on)
                                .happened("GateTimedOut", on),
                        Point.START);
            }
            case FAIL -> HeldFailure.failed(anew(t), words, gate);
            case HOLD -> HeldFailure.begin(anew(t), words, words, gate);
        };
    }

    /** True where a run need not wait for this one any more. */
    static boolean isOver(Rollout r, String canary) {
        return of(r).isOver(canary);
    }

    /** People opened one that was waited for too long; empty where it is another gate. */
    static Optional<TransitionBuilder> opened(TransitionBuilder t, WaitingGate gate) {
        return canary(gate).map(canary -> over(t, canary));
    }

    private static TransitionBuilder over(TransitionBuilder t, String canary) {
        return with(t, of(t.now()).over(canary));
    }

    private static Optional<String> canary(WaitingGate gate) {
        return gate.point() == Point.START && gate.hook().startsWith(GATE)
                ? Optional.of(gate.hook().substring(GATE.length()))
                : Optional.empty();
    }

    /** True for one that a canary names still. */
    static boolean isNamed(Spec spec, CanaryKey canary, WaitingGate gate) {
        return canary(gate)
                .filter(
                        other ->
                                spec.ruled().predecessors().stream()
                                        .anyMatch(one -> one.of(canary).equals(other)))
                .isPresent();
    }

    // ---- what is kept

    /** What is kept of a run that has begun, or of another one, counts no more. */
    static @Nullable WaveWait kept(Rollout r) {
        var governed = r.governed();
        var wait = governed == null ? null : governed.waited();
        if (wait == null || r.stage().part() != Part.START || !of(r).equals(wait)) {
            return null;
        }
        var counted = isCounted(r) ? wait : wait.since(null);
        return counted.isNone() ? null : counted;
    }

    /** It waits for the others alone, or its webhooks are asked again on the way to begin. */
    private static boolean isCounted(Rollout r) {
        return !Freezes.lasts(r, r.at())
                && (r.stage().awaited() instanceof Awaited.Turn
                        || r.stage() instanceof Stage.Asking);
    }

    private static WaveWait of(Rollout r) {
        var governed = r.governed();
        var wait = governed == null ? null : governed.waited();
        PassedWave now = Permits.passing(r);
        return wait != null && wait.run() == now.run() && wait.release().equals(now.release())
                ? wait
                : new WaveWait(now.run(), now.release(), null, null);
    }

    private static TransitionBuilder with(TransitionBuilder t, WaveWait wait) {
        return t.with(Permits.with(t.now(), wait.isNone() ? null : wait));
    }
}
