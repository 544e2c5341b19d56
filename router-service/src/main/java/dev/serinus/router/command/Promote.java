package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Split;
import dev.serinus.router.scaler.Scalers;
import dev.serinus.router.service.Services;
import dev.serinus.router.workload.ManifestSize;
import dev.serinus.router.workload.Primaries;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.events.RouterOutcome;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Copies the target's template to the primary, if it and the configs that it reads are still those
 * that were analysed and if it runs: what does not run is not promoted.
 */
record Promote(ActionContext context) implements Action {

    /** Everybody is moved twice by an attempt whose write alone tells that it is refused. */
    private static final Duration LED_BACK = Duration.ofSeconds(10);

    @Override
    public ActionResult carryOut(Order order) {
        var canary = order.canary();
        var target = context.target(canary);
        var primary = context.findPrimary(canary, target);
        if (primary != null && isPromoted(order, primary)) {
            // The configs may have changed since, for a revision that nobody has analysed.
            context.sides(canary).forgetOlder(canary, primary, List.of());
            return new Shift(context)
                    .beforePrimaryIsReplaced(order, target, primary)
                    .copying(order.revision());
        }
        if (!context.route(order).sharesByPods()) {
            refuseUnlike(order, target, primary);
            return copied(order, target, primary, ActionResult.writing(List.of()));
        }
        return asTheCanaryIsAlone(order, target, primary);
    }

    /**
     * Where everybody goes to the canary for it, nobody does before it is known that it can be
     * promoted, and nobody stays there when it cannot all the same.
     */
    private ActionResult asTheCanaryIsAlone(
            Order order, Target target, @Nullable ClusterObject primary) {
        var shift = new Shift(context);
        try {
            refuseUnlike(order, target, primary);
            if (shift.leadsToBoth(order)) {
                context.refuseUnwritable(order, target, plan(order, target, primary).all());
            }
            var alone = shift.beforePrimaryIsReplaced(order, target, primary);
            return copied(order, target, primary, alone);
        } catch (Refusal refusal) {
            boolean goesOn = refusal.pause() != null || refusal.isUnseen();
            if (goesOn
                    || refusal.outcome() == RouterOutcome.STALE
                    || !shift.isLedBack(order, primary)
                    || refusal.outcome() == RouterOutcome.CHANGED) {
                throw refusal;
            }
            throw Refusal.later(
                    "%s; %s leads to %s percent of the canary again"
                            .formatted(
                                    refusal.because(),
                                    Services.apex(order.canary()).dotted(),
                                    order.split().canaryWeight()),
                    LED_BACK);
        }
    }

    /**
     * What is to change, in this order.
     *
     * @param promoted the primary last
     */
    private record Plan(List<Change> before, List<Change> promoted) {
        List<Change> all() {
            return Stream.concat(before.stream(), promoted.stream()).toList();
        }
    }

    private Plan plan(Order order, Target target, @Nullable ClusterObject primary) {
        var canary = order.canary();
        var sides = context.sides(canary);
        List<Change> before = new ArrayList<>();
        context.scalers()
                .promoted(canary, target, context.clock().instant())
                .ifPresent(before::add);
        if (primary == null) {
            before.addAll(beforePrimary(order, target));
        }
        var promoted =
                new ArrayList<>(
                        sides.promoted(canary, target, order.configs(), primary, order.mark()));
        if (target.kind().isSized() && Scalers.primary(canary).isEmpty()) {
            // The primary comes last.
            promoted.addLast(
                    ManifestSize.promoted(target, promoted.removeLast(), order.mark().run()));
        }
        // Before the primary, whose step says that all of it was done.
        before.addAll(
                new AnotherTarget(context, canary, target, primary)
                        .possible(
                                sides.exposed(
                                        canary, target, primary, promoted.getLast().desired())));
        return new Plan(before, promoted);
    }

    /**
     * @param before what of the order is done
     */
    private ActionResult copied(
            Order order, Target target, @Nullable ClusterObject primary, ActionResult before) {
        var canary = order.canary();
        var plan = plan(order, target, primary);
        var _ = context.scalers().former().deleteReplaced(canary, order.mark());
        var written = context.apply(order, target, plan.all());
        context.sides(canary).forgetOlder(canary, primary, plan.promoted());
        return before.and(written).copying(target.revision());
    }

    /** At the present split: a promotion moves no traffic. */
    private List<Change> beforePrimary(Order order, Target target) {
        var route = context.route(order);
        var present = route.current(context.cluster()::find).orElse(Split.PRIMARY);
        return route.beforePrimary(
                order.routing(target, null).at(present), context.cluster()::find);
    }

    /** True when this very step has written the primary already. */
    private static boolean isPromoted(Order order, ClusterObject primary) {
        return primary.mark().filter(order.mark()::isSameAs).isPresent()
                && order.revision().equals(primary.annotation(Primaries.REVISION));
    }

    private static void refuseUnlike(Order order, Target target, @Nullable ClusterObject primary) {
        if (!order.revision().isEmpty() && !order.revision().equals(target.revision())) {
            throw Refusal.changed(
                    "%s shows revision %s instead of %s"
                            .formatted(
                                    target.object().ref().dotted(),
                                    target.revision(),
                                    order.revision()));
        }
        if (target.kind().isScaledDown(target.object()) || target.serving() == 0) {
            throw Refusal.retry(
                    "%s has no available replicas: what does not run is not promoted"
                            .formatted(target.object().ref().dotted()));
        }
        if (primary != null) {
            target.refuseUnlike(primary);
        }
    }
}
