package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Changes;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Kind;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.events.RouterOutcome;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Lets a Canary go: the last promoted state serves from the target again, then the apex and the
 * route lead there, then the finalizer comes off and the server collects what we made.
 */
record Restore(Means means) implements Action {

    @Override
    public Done carryOut(Order order) throws InterruptedException {
        var ref = Kind.CANARY.named(order.namespace(), order.canary().getMetadata().getName());
        var live = means.cluster().find(ref);
        if (live == null || !Finalizer.isOn(live)) {
            return Done.writing(List.of());
        }
        if (live.at("/metadata/deletionTimestamp").isMissingNode()) {
            throw Refusal.retry("canary %s is not being deleted".formatted(ref.dotted()));
        }
        List<ClusterObject> written = new ArrayList<>();
        // In a terminating namespace nothing can be made whole again, and waiting blocks its end.
        var spec = order.canary().getSpec();
        if (spec != null
                && !Boolean.FALSE.equals(spec.revertOnDeletion())
                && !means.cluster().isTerminating(order.namespace())) {
            written.addAll(restored(order));
        }
        means.cluster().release(Finalizer.removed(live));
        return Done.writing(written);
    }

    private List<ClusterObject> restored(Order order) throws InterruptedException {
        var canary = order.canary();
        var target = targetIfAny(order);
        var scaler = means.scalers().restored(canary).stream().toList();
        Changes.refuseStale(order.mark(), scaler);
        List<ClusterObject> written = new ArrayList<>(means.changes().repair(scaler));
        if (target != null) {
            written.addAll(means.apply(order, List.of(serving(order, target))));
            awaitServing(target);
        }
        List<Change> given = new ArrayList<>();
        means.services().restoredApex(canary, target).ifPresent(given::add);
        means.routers()
                .find(canary)
                .ifPresent(it -> given.addAll(it.restored(canary, means.cluster()::find)));
        Means.refuseForeign(canary, given);
        Changes.refuseStale(order.mark(), given);
        written.addAll(means.changes().repair(given));
        return written;
    }

    /** Null when it is gone or was never ours: then there is nothing to bring back. */
    private @Nullable Target targetIfAny(Order order) {
        try {
            var target = means.findTarget(order.canary());
            if (target != null) {
                var _ = means.findPrimary(order.canary(), target);
            }
            return target;
        } catch (Refusal refusal) {
            if (refusal.outcome() == RouterOutcome.INVALID) {
                return null;
            }
            throw refusal;
        }
    }

    /** The target as it was promoted last, in the primary's size. */
    private Change serving(Order order, Target target) {
        var live = target.object();
        var primary = means.findPrimary(order.canary(), target);
        if (primary == null) {
            return new Change(
                    live,
                    target.kind().isScaledDown(live) ? target.kind().scaledUp(live, 1) : live);
        }
        int size = Math.max(1, target.kind().desired(primary));
        var running = target.kind().scaledUp(live, size);
        var promoted = means.primaries().revision(order.canary(), target, primary);
        if (promoted.equals(target.revision())) {
            return new Change(live, running);
        }
        var template = means.primaries().promotedTemplate(order.canary(), target, primary);
        return new Change(live, running.edited(edit -> edit.spec("template", template)));
    }

    private void awaitServing(Target target) throws InterruptedException {
        var ref = target.object().ref();
        var now = means.cluster().await(ref, target.kind()::isComplete, means.patience());
        if (now != null && !target.kind().isComplete(now)) {
            int wanted = target.kind().desired(now);
            throw Refusal.retry(
                    "canary not ready during finalizing: waiting for rollout to finish: %d of %d updated replicas are available"
                            .formatted(target.kind().available(now), wanted));
        }
    }
}
