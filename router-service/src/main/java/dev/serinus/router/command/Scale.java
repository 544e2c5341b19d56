package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.workload.Target;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Starts the target's pods or takes them away. They are taken away only while the primary serves
 * and nothing is routed to them: the last line of defence against an outage.
 */
record Scale(Means means) implements Action {

    @Override
    public Done carryOut(Order order) {
        var changes = wanted(order, means.target(order.canary()));
        if (!changes.isEmpty() && !order.targetRunning()) {
            refuseWhileRouted(order);
        }
        return Done.writing(means.apply(order, changes));
    }

    /** What is to change so that the target runs, or does not; nothing when it is so. */
    List<Change> wanted(Order order, Target target) {
        var changes = order.targetRunning() ? started(order, target) : stopped(order, target);
        return changes.stream().filter(Change::isEffective).toList();
    }

    private List<Change> started(Order order, Target target) {
        var live = target.object();
        var primary = means.findPrimary(order.canary(), target);
        List<Change> changes = new ArrayList<>();
        means.scalers().resumed(order.canary()).ifPresent(changes::add);
        if (target.kind().isScaledDown(live)) {
            changes.add(
                    new Change(live, target.kind().scaledUp(live, size(order, target, primary))));
        }
        return changes;
    }

    /** The autoscaler is held still first: KEDA takes the pods away by it, or brings them back. */
    private List<Change> stopped(Order order, Target target) {
        var live = target.object();
        List<Change> changes = new ArrayList<>();
        means.scalers().paused(order.canary()).filter(Change::isEffective).ifPresent(changes::add);
        if (!target.kind().isScaledDown(live)) {
            changes.add(new Change(live, target.kind().scaledDown(live)));
        }
        var primary = means.findPrimary(order.canary(), target);
        if (!changes.isEmpty() && (primary == null || target.kind().available(primary) == 0)) {
            throw Refusal.retry(
                    "%s serves nothing yet, so that %s is not scaled down"
                            .formatted(
                                    target.name() + "-primary." + order.namespace(),
                                    live.ref().dotted()));
        }
        return changes;
    }

    private void refuseWhileRouted(Order order) {
        means.router(order)
                .current(order.canary(), means.cluster()::find)
                .filter(split -> split.reachesCanary())
                .ifPresent(
                        split -> {
                            throw Refusal.retry(
                                    "%s still sends %d percent to the canary%s, so that it is not scaled down"
                                            .formatted(
                                                    order.canary().apex() + "." + order.namespace(),
                                                    split.canaryWeight(),
                                                    split.mirrored() ? " and copies" : ""));
                        });
    }

    /** How many pods to begin with, by Flagger's rules. */
    private int size(Order order, Target target, @Nullable ClusterObject primary) {
        int primarys = primary == null ? 1 : Math.max(1, target.kind().desired(primary));
        return means.scalers().minimum(order.canary()).orElse(primarys);
    }
}
