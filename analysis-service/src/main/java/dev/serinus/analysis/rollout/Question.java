package dev.serinus.analysis.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.rollout.Effect.RouteAction;

import java.time.Duration;
import java.util.Objects;
import java.util.zip.CRC32;

/**
 * What a rollout asks at its stage. Derived from the state alone, so that asking again asks the
 * very same: the same step, the same desired state.
 */
final class Question {

    private Question() {}

    static Effect of(Rollout r) {
        return switch (r.await().stage()) {
            case AVAILABILITY -> new Effect.AskMetrics(step(r), r.generation(), true);
            case METRICS -> new Effect.AskMetrics(step(r), r.generation(), false);
            case INITIALIZING, RESHAPING ->
                    route(r, RouteAction.INITIALIZE, current(r), true, targetRevision(r));
            case FIRST_COPY ->
                    route(r, RouteAction.PROMOTE, Split.PRIMARY, true, targetRevision(r));
            case TAKING_OVER ->
                    route(r, RouteAction.TAKE_OVER, current(r), keepsTarget(r), targetRevision(r));
            case SCALING_UP -> route(r, RouteAction.SCALE, current(r), true, r.run().revision());
            case RESETTING, RETREATING, ROLLING_BACK ->
                    route(r, RouteAction.SHIFT, Split.PRIMARY, true, r.run().revision());
            case RESCUING -> route(r, RouteAction.SHIFT, Split.of(100), true, r.run().revision());
            case SHIFTING ->
                    route(
                            r,
                            RouteAction.SHIFT,
                            r.run().stops().get(r.run().stop() + 1).split(),
                            true,
                            r.run().revision());
            case COPYING -> route(r, RouteAction.PROMOTE, current(r), true, r.run().revision());
            case ROUTING_BACK -> route(r, RouteAction.SHIFT, back(r), true, r.run().revision());
            case SCALING_DOWN, ROLLBACK_SCALE ->
                    route(r, RouteAction.SCALE, Split.PRIMARY, false, r.run().revision());
            case RESTORING -> route(r, RouteAction.RESTORE, Split.PRIMARY, true, "");
            case CONFIRM_ROLLOUT,
                    PRE_ROLLOUT,
                    CONFIRM_TRAFFIC,
                    ROLLBACK_HOOKS,
                    ROLLOUT_HOOKS,
                    CONFIRM_PROMOTION,
                    POST_ROLLOUT ->
                    hook(r);
            default ->
                    throw new IllegalStateException(
                            "stage "
                                    + r.await().stage()
                                    + " of "
                                    + r.canary()
                                    + " asks nobody anything");
        };
    }

    /** How long the answer may take before it is asked for again. */
    static Duration patience(Rollout r) {
        Stage stage = r.await().stage();
        if (stage.awaitsHook()) {
            return spec(r).hooks().get(r.await().hook()).patience();
        }
        return stage == Stage.METRICS || stage == Stage.AVAILABILITY
                ? Duration.ofSeconds(45)
                : Duration.ofSeconds(20);
    }

    /** Where traffic is after the next step back to the primary. */
    static Split back(Rollout r) {
        int step = r.run().stepWeightPromotion();
        return step == 0 ? Split.PRIMARY : Split.of(Math.max(0, r.traffic().canaryWeight() - step));
    }

    /**
     * The opaque value of webhook payloads: the same for the same revision and configs (reference
     * 3.2).
     */
    static String checksum(Rollout r) {
        var baseline = r.baseline();
        CRC32 crc = new CRC32();
        crc.update((baseline.appliedText() + "|" + baseline.configs()).getBytes(UTF_8));
        return String.format("%08x", crc.getValue());
    }

    private static Effect route(
            Rollout r, RouteAction action, Split split, boolean targetRunning, String revision) {
        return new Effect.Route(step(r), r.generation(), action, split, targetRunning, revision);
    }

    private static Effect hook(Rollout r) {
        var hook = spec(r).hooks().get(r.await().hook());
        Phase phase =
                switch (hook.type()) {
                    case CONFIRM_PROMOTION, CONFIRM_TRAFFIC_INCREASE, PRE_ROLLOUT, ROLLOUT ->
                            Phase.PROGRESSING;
                    default -> r.phase();
                };
        return new Effect.CallHook(
                step(r),
                r.generation(),
                r.await().hook(),
                hook.name(),
                hook.type(),
                phase,
                checksum(r),
                null);
    }

    private static Split current(Rollout r) {
        int stop = r.run().stop();
        boolean matched =
                stop >= 0
                        && stop < r.run().stops().size()
                        && r.run().stops().get(stop).split().matched();
        return new Split(
                r.traffic().canaryWeight(),
                r.traffic().mirrored(),
                matched && r.traffic().canaryWeight() > 0);
    }

    /**
     * At rest the target stays as it is, which is down unless a promotion failed; the first time it
     * goes down.
     */
    private static boolean keepsTarget(Rollout r) {
        return r.phase() == Phase.FAILED && r.traffic().canaryWeight() > 0;
    }

    private static String targetRevision(Rollout r) {
        return r.target() == null ? "" : r.target().revision();
    }

    private static StepId step(Rollout r) {
        return new StepId(r.uid(), r.run().number(), r.await().step(), r.await().attempt());
    }

    private static Spec spec(Rollout r) {
        return Objects.requireNonNull(r.spec(), "a canary without a spec asks nothing");
    }
}
