package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Changes;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Split;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.events.RouterOutcome;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Moves the application to the primary: the mesh first, then the apex Service, and when both lead
 * there the target's pods go. Flagger moves the apex first and does not look whether anybody
 * answers there.
 */
record TakeOver(ActionContext context) implements Action {

    @Override
    public ActionResult carryOut(Order order) {
        var canary = order.canary();
        var target = context.target(canary);
        var primary = context.findPrimary(canary, target);
        if (primary == null || target.kind().available(primary) == 0) {
            throw Refusal.retry(
                    "%s-primary.%s not ready: no replicas are available yet"
                            .formatted(target.name(), order.namespace()));
        }
        List<Change> scaler = new ArrayList<>();
        String misfit = "";
        try {
            context.scalers().present(canary, target).ifPresent(scaler::add);
            misfit =
                    scaler.stream()
                            .map(it -> context.scalers().misplaced(canary, it))
                            .collect(Collectors.joining());
            scaler.removeIf(it -> !it.isEffective());
        } catch (Refusal invalid) {
            if (invalid.outcome() != RouterOutcome.INVALID) {
                throw invalid;
            }
            // The one that is there goes on, and so does whoever is to have traffic.
            misfit = invalid.because();
        }
        var another = new AnotherTarget(context, canary, target, primary);
        var turned = turned(canary, target, primary, another);
        Changes.refuseStale(order.mark(), turned);
        // Whom the route leads there meets pods of this target from here on, which serve.
        var led =
                context.apply(
                        order, target, turned.stream().filter(another::leadsToPrimary).toList());
        var apex =
                new ArrayList<>(
                        context.sides(canary).apex(canary, target, primary).stream().toList());
        List<Change> scaled =
                order.split().reachesCanary() && !order.targetRunning()
                        ? List.of()
                        : new Scale(context).wanted(order, target);
        Changes.refuseStale(order.mark(), apex);
        Changes.refuseStale(order.mark(), scaled);
        var route = context.route(order);
        var made =
                route.isOfTheUser()
                        ? apex.stream().filter(it -> it.live() == null).toList()
                        : route.sharesByPods() ? List.copyOf(apex) : List.<Change>of();
        // A route of the user's own names the apex on its way, and nobody is led to one made anew.
        // Where the apex is the route, there has to be one.
        var written = new ArrayList<>(led);
        written.addAll(context.apply(order, target, made));
        var routed =
                route.routes().isEmpty()
                        ? ActionResult.writing(List.of()).reading(Split.PRIMARY)
                        : new Shift(context).route(order, route, target, primary, true);
        apex.removeAll(made);
        try {
            var _ = context.scalers().former().deleteReplaced(canary, order.mark());
        } catch (Refusal kept) {
            if (kept.outcome() == RouterOutcome.STALE) {
                throw kept;
            }
            // As above; the new one comes when the one before is gone, which a repair sees to.
            scaler.clear();
            misfit = kept.because();
        }
        var moved =
                routed.and(written)
                        .and(context.apply(order, target, scaler))
                        .and(context.apply(order, target, apex));
        if (!scaled.isEmpty() && !order.targetRunning()) {
            new Scale(context).refuseWhileRoutedBefore(order);
            new Scale(context).refuseWhileOnApex(order, target);
            context.requireFollowed(order, moved);
        }
        if (!order.split().reachesCanary()) {
            moved =
                    moved.and(
                            context.apply(order, target, onTarget(order, turned, moved, another)));
        }
        var done = moved.and(context.apply(order, target, scaled));
        return misfit.isEmpty() || !done.but().isEmpty() ? done : done.but(misfit);
    }

    /** The Services of the sides that lead to the pods of another target. */
    private List<Change> turned(
            Canary canary, Target target, ClusterObject primary, AnotherTarget another) {
        return context.sides(canary).routable(canary, target, primary).stream()
                .filter(change -> another.turns(change))
                .toList();
    }

    /** Nobody meets the canary of before any more, once data planes have followed. */
    private List<Change> onTarget(
            Order order, List<Change> turned, ActionResult moved, AnotherTarget another) {
        var rest = turned.stream().filter(change -> !another.leadsToPrimary(change)).toList();
        if (!rest.isEmpty()) {
            context.requireFollowed(order, moved);
        }
        return rest;
    }
}
