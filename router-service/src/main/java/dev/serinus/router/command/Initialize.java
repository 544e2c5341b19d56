package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.route.Split;
import dev.serinus.router.workload.Primaries;

import java.util.ArrayList;
import java.util.List;

/**
 * Makes what a canary needs before any traffic is moved: the claim and the finalizer, a Service for
 * each side, the primary with copies of its configs. A primary that is there is taken as it is.
 */
record Initialize(ActionContext context) implements Action {

    @Override
    public ActionResult carryOut(Order order) {
        var canary = order.canary();
        var target = context.target(canary);
        // What cannot be done is said before anything is written, the finalizer included.
        var primary = context.findPrimary(canary, target);
        var route = context.route(order);
        var atRest = order.routing(target, primary).at(Split.PRIMARY);
        route.check(context.cluster()::find);
        ActionContext.refuseForeign(
                canary,
                route.plan(atRest, route.dependsOnFound() ? context.cluster()::find : _ -> null));
        List<Change> changes = new ArrayList<>(context.services().sides(canary, target, primary));
        if (primary == null) {
            changes.addAll(route.beforePrimary(atRest, context.cluster()::find));
            changes.addAll(context.primaries().created(canary, target, order.mark()));
            String revision =
                    String.valueOf(changes.getLast().desired().annotation(Primaries.REVISION));
            return ActionResult.writing(context.apply(order, target, changes)).copying(revision);
        }
        new FlaggerActivity(context).refuseWhileAtWork(order, primary);
        String revision = context.primaries().revision(canary, target, primary);
        changes.add(context.primaries().kept(canary, primary, revision, order.mark()));
        changes.add(new Change(primary, primary));
        var done = ActionResult.writing(context.apply(order, target, changes)).copying(revision);
        // Whoever meets a canary at work goes on from where its route is.
        return route.current(context.cluster()::find).map(done::reading).orElse(done);
    }
}
