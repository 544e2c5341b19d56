package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Kind;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.workload.Target;
import dev.serinus.router.workload.WorkloadKind;
import dev.serinus.schemas.canary.AutoscalerRef;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts the target's pods or takes them away. They are taken away only while the primary serves
 * and nothing is routed to them: the last line of defence against an outage.
 */
record Scale(Means means) implements Action {

    @Override
    public Done carryOut(Order order) {
        var target = means.target(order.canary());
        List<Change> changes = new ArrayList<>();
        wanted(order, target).ifPresent(changes::add);
        if (!changes.isEmpty() && !order.targetRunning()) {
            refuseWhileRouted(order);
        }
        return Done.writing(means.apply(order, changes));
    }

    /** What is to change so that the target runs, or does not; nothing when it is so. */
    Optional<Change> wanted(Order order, Target target) {
        var live = target.object();
        var kind = target.kind();
        if (order.targetRunning() != kind.isScaledDown(live)) {
            return Optional.empty();
        }
        var primary = means.findPrimary(target);
        if (order.targetRunning()) {
            return Optional.of(new Change(live, kind.scaledUp(live, size(order, target, primary))));
        }
        if (primary == null || kind.available(primary) == 0) {
            throw Refusal.retry(
                    "%s serves nothing yet, so that %s is not scaled down"
                            .formatted(
                                    target.name() + "-primary." + order.namespace(),
                                    live.ref().dotted()));
        }
        return Optional.of(new Change(live, kind.scaledDown(live)));
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
        AutoscalerRef scaler = order.canary().getSpec().autoscalerRef();
        int size =
                scaler == null
                        ? primary == null ? 1 : WorkloadKind.DEPLOYMENT.desired(primary)
                        : switch (scaler.kind()) {
                            case "HorizontalPodAutoscaler" ->
                                    minimum(order, Kind.AUTOSCALER, scaler, "/spec/minReplicas");
                            case "ScaledObject" ->
                                    minimum(
                                            order,
                                            Kind.SCALED_OBJECT,
                                            scaler,
                                            "/spec/minReplicaCount");
                            default -> 1;
                        };
        return Math.max(1, size);
    }

    private int minimum(Order order, Kind kind, AutoscalerRef scaler, String field) {
        var found = means.cluster().find(kind.named(order.namespace(), scaler.name()));
        return found == null ? 1 : found.at(field).asInt(1);
    }
}
