package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Changes;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.router.workload.Primaries;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Puts the split into the mesh and reads back what the mesh shows. Traffic goes only where pods
 * serve, unless none serve on the other side either.
 */
record Shift(ActionContext context) implements Action {

    private static final Logger log = LoggerFactory.getLogger(Shift.class);

    @Override
    public ActionResult carryOut(Order order) throws InterruptedException {
        var canary = order.canary();
        var route = context.route(order);
        if (route.routes().isEmpty()) {
            var former = new FormerObjects(context);
            var _ = former.delete(former.copies(canary));
            return ActionResult.writing(List.of()).reading(Split.PRIMARY);
        }
        var target = context.target(canary);
        var primary = context.findPrimary(canary, target);
        if (available(target, primary) == 0 && serving(target) == 0) {
            // Then traffic may go anywhere: not because of what the watch shows too late.
            new Evidence(context).renew(order);
            target = context.target(canary);
            primary = context.findPrimary(canary, target);
        }
        refuseUnserved(order, target, primary);
        return route(order, route, target, primary, false);
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
            CanaryRoute route,
            Target target,
            @Nullable ClusterObject primary,
            boolean always)
            throws InterruptedException {
        var canary = order.canary();
        Map<Ref, @Nullable ClusterObject> before = new HashMap<>();
        route.objects().forEach(ref -> before.put(ref, context.cluster().find(ref)));
        var former = new FormerObjects(context);
        var leading = former.leading(canary);
        List<Change> changes = new ArrayList<>();
        if (route.routes().stream().anyMatch(ref -> before.get(ref) == null)) {
            // A route of a new name must not lead to Services that are yet to come.
            changes.addAll(context.services().sides(canary, target, primary));
        }
        var routing = order.routing(target, primary);
        changes.addAll(always ? route.plan(routing, before::get) : plan(route, routing, before));
        int present =
                Stream.concat(
                                route.current(before::get).stream(),
                                leading.flatMap(former::split).stream())
                        .mapToInt(Split::canaryWeight)
                        .max()
                        .orElse(order.split().canaryWeight());
        if (order.split().canaryWeight() > present) {
            // More traffic only onto a route that the mesh has taken; less at any time.
            refuse(route.accepted(before::get));
        }
        if (order.split().canaryWeight() < present && primary != null) {
            // What comes back to the primary finds as many pods there as it leaves.
            changes.addFirst(Primaries.atLeast(target, primary, serving(target)));
        }
        var written = written(order, route, target, present, changes);
        var _ = former.delete(former.copies(canary));
        Map<Ref, ClusterObject> after = new HashMap<>();
        Changes.after(changes, written)
                .filter(it -> before.containsKey(it.ref()))
                .forEach(it -> after.put(it.ref(), it));
        boolean less = order.split().canaryWeight() < present || !order.split().reachesCanary();
        if (always || !less) {
            refuse(
                    route.awaitAccepted(
                            after::get,
                            Acceptance.TAKEN::equals,
                            context.cluster(),
                            context.patience()));
        }
        Split read = route.current(after::get).orElse(Split.PRIMARY);
        return ActionResult.writing(written)
                .reading(read)
                .showing(route.cookies(after::get).orElse(null));
    }

    /**
     * What is to change. A route that cannot be made as it is asked for is in nobody's way where
     * the canary is to get nothing and nothing leads there: a release is taken back all the same.
     */
    private static List<Change> plan(
            CanaryRoute route, Routing routing, Map<Ref, @Nullable ClusterObject> live) {
        try {
            return route.plan(routing, live::get);
        } catch (Refusal unusable) {
            if (routing.split().reachesCanary() || route.leadsToCanary(live::get)) {
                throw unusable;
            }
            log.atWarn()
                    .addKeyValue("canary", route.canary().getMetadata().getName())
                    .addKeyValue("namespace", route.canary().getMetadata().getNamespace())
                    .addKeyValue("because", unusable.because())
                    .log("the route cannot be made; nothing leads to the canary by it");
            return List.of();
        }
    }

    /** Where the canary gets nothing before and after, there is time to name it ahead. */
    private List<ClusterObject> written(
            Order order, CanaryRoute route, Target target, int present, List<Change> changes)
            throws InterruptedException {
        if (present > 0 || order.split().reachesCanary()) {
            return context.apply(order, target, changes);
        }
        return new Turning(context, route)
                .write(changes, Turning.Noted.AS_WANTED, some -> context.apply(order, target, some))
                .written();
    }

    private static int available(Target target, @Nullable ClusterObject primary) {
        return primary == null ? 0 : target.kind().available(primary);
    }

    private static int serving(Target target) {
        return target.kind().available(target.object());
    }

    private static void refuse(Acceptance acceptance) {
        if (!acceptance.equals(Acceptance.TAKEN)) {
            throw Refusal.retry(acceptance.because());
        }
    }

    private static void refuseUnserved(
            Order order, Target target, @Nullable ClusterObject primary) {
        int onPrimary = available(target, primary);
        int onCanary = serving(target);
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
