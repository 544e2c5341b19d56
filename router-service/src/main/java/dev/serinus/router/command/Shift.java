package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Changes;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Split;
import dev.serinus.router.workload.Primaries;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts the split into the mesh and reads back what the mesh shows. Traffic goes only where pods
 * serve, unless none serve on the other side either.
 */
record Shift(ActionContext context) implements Action {

    @Override
    public ActionResult carryOut(Order order) throws InterruptedException {
        var canary = order.canary();
        var router = context.router(order);
        if (router.objects(canary).isEmpty()) {
            return ActionResult.writing(List.of()).reading(Split.PRIMARY);
        }
        var target = context.target(canary);
        var primary = context.findPrimary(canary, target);
        refuseUnserved(order, target, primary);
        return route(order, router, target, primary, false);
    }

    /**
     * Writes the route, waits until the mesh has taken it and reads it back. Less traffic to the
     * canary does not wait: the mesh may be the one that fails, and what it has not seen yet keeps
     * the canary's pods.
     *
     * @param always wait, however little traffic the canary gets
     */
    ActionResult route(
            Order order,
            Router router,
            Target target,
            @Nullable ClusterObject primary,
            boolean always)
            throws InterruptedException {
        var canary = order.canary();
        Map<Ref, @Nullable ClusterObject> before = new HashMap<>();
        router.objects(canary).forEach(ref -> before.put(ref, context.cluster().find(ref)));
        List<Change> changes = new ArrayList<>();
        if (before.get(router.objects(canary).getLast()) == null) {
            // A route of a new name must not lead to Services that are yet to come.
            changes.addAll(context.services().sides(canary, target, primary));
        }
        changes.addAll(router.plan(order.routing(target), before::get));
        int present =
                router.current(canary, before::get)
                        .map(Split::canaryWeight)
                        .orElse(order.split().canaryWeight());
        if (order.split().canaryWeight() > present) {
            // More traffic only onto a route that the mesh has taken; less at any time.
            refuse(router.unready(canary, before::get));
        }
        if (order.split().canaryWeight() < present && primary != null) {
            // What comes back to the primary finds as many pods there as it leaves.
            changes.addFirst(Primaries.atLeast(target, primary, serving(target)));
        }
        var written = context.apply(order, target, changes);
        Map<Ref, ClusterObject> after = new HashMap<>();
        Changes.after(changes, written)
                .filter(it -> before.containsKey(it.ref()))
                .forEach(it -> after.put(it.ref(), it));
        boolean less = order.split().canaryWeight() < present || !order.split().reachesCanary();
        if (always || !less) {
            awaitTaken(order, router, after);
        }
        Split read = router.current(canary, after::get).orElse(Split.PRIMARY);
        return ActionResult.writing(written)
                .reading(read)
                .showing(router.cookies(canary, after::get).orElse(null));
    }

    private static int serving(Target target) {
        return target.kind().available(target.object());
    }

    private void awaitTaken(Order order, Router router, Map<Ref, ClusterObject> after)
            throws InterruptedException {
        var canary = order.canary();
        if (router.unready(canary, after::get).isEmpty()) {
            return;
        }
        var route = router.objects(canary).getLast();
        var later =
                context.cluster()
                        .await(
                                route,
                                it -> router.unready(canary, _ -> it).isEmpty(),
                                context.patience());
        refuse(router.unready(canary, _ -> later));
    }

    private static void refuse(Optional<String> unready) {
        unready.ifPresent(
                because -> {
                    throw Refusal.retry(because);
                });
    }

    private static void refuseUnserved(
            Order order, Target target, @Nullable ClusterObject primary) {
        int onPrimary = primary == null ? 0 : target.kind().available(primary);
        int onCanary = target.kind().available(target.object());
        if (order.split().reachesCanary() && onCanary == 0 && onPrimary > 0) {
            throw Refusal.retry(
                    "%s has no available replicas, so that traffic stays with %s"
                            .formatted(target.object().ref().dotted(), dotted(order, target)));
        }
        if (order.split().reachesPrimary() && onPrimary == 0 && onCanary > 0) {
            throw Refusal.retry(
                    "%s has no available replicas, so that traffic stays with %s"
                            .formatted(dotted(order, target), target.object().ref().dotted()));
        }
    }

    private static String dotted(Order order, Target target) {
        return target.name() + "-primary." + order.namespace();
    }
}
