package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Split;
import dev.serinus.router.scaler.Scalers;
import dev.serinus.router.workload.ManifestSize;
import dev.serinus.router.workload.Primaries;
import dev.serinus.router.workload.Target;

import java.util.ArrayList;
import java.util.List;

/**
 * Copies the target's template to the primary, if it and the configs that it reads are still those
 * that were analysed and if it runs: what does not run is not promoted.
 */
record Promote(ActionContext context) implements Action {

    @Override
    public ActionResult carryOut(Order order) {
        var canary = order.canary();
        var target = context.target(canary);
        var primary = context.findPrimary(canary, target);
        var sides = context.sides(canary);
        if (primary != null && isPromoted(order, primary)) {
            // The configs may have changed since, for a revision that nobody has analysed.
            sides.forgetOlder(canary, primary, List.of());
            return new Shift(context)
                    .beforePrimaryIsReplaced(order, target, primary)
                    .copying(order.revision());
        }
        refuseOther(order, target);
        if (primary != null) {
            target.refuseUnlike(primary);
        }
        var alone = new Shift(context).beforePrimaryIsReplaced(order, target, primary);
        List<Change> changes = new ArrayList<>();
        context.scalers()
                .promoted(canary, target, context.clock().instant())
                .ifPresent(changes::add);
        if (primary == null) {
            changes.addAll(beforePrimary(order, target));
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
        changes.addAll(sides.exposed(canary, target, primary, promoted.getLast().desired()));
        changes.addAll(promoted);
        var _ = context.scalers().former().deleteReplaced(canary, order.mark());
        var written = context.apply(order, target, changes);
        sides.forgetOlder(canary, primary, promoted);
        return alone.and(written).copying(target.revision());
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

    private static void refuseOther(Order order, Target target) {
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
    }
}
