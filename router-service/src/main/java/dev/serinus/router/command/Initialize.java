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
record Initialize(Means means) implements Action {

    @Override
    public Done carryOut(Order order) {
        var canary = order.canary();
        var target = means.target(canary);
        // What cannot be done is said before anything is written, the finalizer included.
        var primary = means.findPrimary(canary, target);
        var _ = means.router(order).plan(order.routing(target).at(Split.PRIMARY), _ -> null);
        List<Change> changes = new ArrayList<>(means.services().sides(canary, target, primary));
        if (primary == null) {
            changes.addAll(means.primaries().created(canary, target, order.mark()));
            String revision =
                    String.valueOf(changes.getLast().desired().annotation(Primaries.REVISION));
            return Done.writing(means.apply(order, target, changes)).copying(revision);
        }
        new Predecessor(means).refuseWhileAtWork(order, primary);
        String revision = means.primaries().revision(canary, target, primary);
        changes.add(means.primaries().kept(canary, primary, revision, order.mark()));
        changes.add(new Change(primary, primary));
        var done = Done.writing(means.apply(order, target, changes)).copying(revision);
        // Whoever meets a canary at work goes on from where its route is.
        return means.router(order)
                .current(canary, means.cluster()::find)
                .map(done::reading)
                .orElse(done);
    }
}
