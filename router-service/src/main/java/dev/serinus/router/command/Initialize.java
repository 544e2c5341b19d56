package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Kind;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Split;
import dev.serinus.router.workload.Primaries;
import dev.serinus.schemas.cluster.Claims;

import org.jspecify.annotations.Nullable;

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
        List<Change> changes = new ArrayList<>(means.services().sides(canary, target));
        if (primary == null) {
            changes.addAll(means.primaries().created(canary, target, order.mark()));
            String revision =
                    String.valueOf(changes.getLast().desired().annotation(Primaries.REVISION));
            return Done.writing(written(order, changes)).copying(revision);
        }
        new Predecessor(means).refuseWhileAtWork(order, primary);
        String revision = means.primaries().revision(canary, target, primary);
        changes.add(means.primaries().kept(canary, primary, revision, order.mark()));
        var done = Done.writing(written(order, changes)).copying(revision);
        // Whoever meets a canary at work goes on from where its route is.
        return means.router(order)
                .current(canary, means.cluster()::find)
                .map(done::reading)
                .orElse(done);
    }

    private List<ClusterObject> written(Order order, List<Change> changes) {
        Means.refuseForeign(order.canary(), changes);
        holdOn(order);
        return means.apply(order, changes);
    }

    /**
     * From here on the Canary is ours, and does not go before the last promoted state serves again.
     * Of two installations that come at once the API server lets one be first.
     */
    private void holdOn(Order order) {
        var ref = Kind.CANARY.named(order.namespace(), order.canary().getMetadata().getName());
        var live = means.cluster().find(ref);
        if (live == null || !live.at("/metadata/deletionTimestamp").isMissingNode()) {
            throw Refusal.retry("canary %s is being deleted".formatted(ref.dotted()));
        }
        @Nullable String claim = live.annotation(Claims.ANNOTATION);
        means.claims()
                .other(claim)
                .ifPresent(
                        other -> {
                            throw Refusal.retry(
                                    "canary %s is %s"
                                            .formatted(
                                                    ref.dotted(), means.claims().sentence(other)));
                        });
        String own = means.claims().own();
        if (Finalizer.isOn(live) && own.equals(claim)) {
            return;
        }
        var held = Finalizer.isOn(live) ? live : Finalizer.added(live);
        var _ = means.cluster().replace(held.edited(edit -> edit.annotate(Claims.ANNOTATION, own)));
    }
}
