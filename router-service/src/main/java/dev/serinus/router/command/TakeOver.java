package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Changes;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Split;

import java.util.List;

/**
 * Moves the application to the primary: the mesh first, then the apex Service, and when both lead
 * there the target's pods go. Flagger moves the apex first and does not look whether anybody
 * answers there.
 */
record TakeOver(Means means) implements Action {

    @Override
    public Done carryOut(Order order) throws InterruptedException {
        var canary = order.canary();
        var target = means.target(canary);
        var primary = means.findPrimary(canary, target);
        if (primary == null || target.kind().available(primary) == 0) {
            throw Refusal.retry(
                    "%s-primary.%s not ready: no replicas are available yet"
                            .formatted(target.name(), order.namespace()));
        }
        var scaler = means.scalers().created(canary, target).stream().toList();
        var apex = means.services().apex(canary, target, primary);
        List<Change> scaled =
                order.split().reachesCanary() && !order.targetRunning()
                        ? List.of()
                        : new Scale(means).wanted(order, target);
        Changes.refuseStale(order.mark(), List.of(apex));
        Changes.refuseStale(order.mark(), scaled);
        var router = means.router(order);
        var routed =
                router.objects(canary).isEmpty()
                        ? Done.writing(List.of()).reading(Split.PRIMARY)
                        : new Shift(means).route(order, router, target, primary, true);
        var moved =
                routed.and(means.apply(order, target, scaler))
                        .and(means.apply(order, target, List.of(apex)));
        if (!scaled.isEmpty() && !order.targetRunning()) {
            new Scale(means).refuseWhileOnApex(order, target);
        }
        return moved.and(means.apply(order, target, scaled));
    }
}
