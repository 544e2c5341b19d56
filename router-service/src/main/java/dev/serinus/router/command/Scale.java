package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Split;
import dev.serinus.router.service.Services;
import dev.serinus.router.workload.CanaryNodes;
import dev.serinus.router.workload.ManifestSize;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterOutcome;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts the target's pods, and the baseline's, or takes them away. They are taken away only while
 * the primary serves and nothing is routed to them: the last line of defence against an outage.
 */
record Scale(ActionContext context) implements Action {

    @Override
    public ActionResult carryOut(Order order) {
        var target = context.target(order.canary());
        var primary = context.findPrimary(order.canary(), target);
        String wrong = wrong(order, target, primary);
        var done = carryOut(order, target, primary);
        return wrong.isEmpty() ? done : done.but(wrong);
    }

    private ActionResult carryOut(Order order, Target found, @Nullable ClusterObject primary) {
        var target = found;
        var changes = possible(order, target);
        var baseline = new BaselinePods(context);
        if (!order.baselineRunning()) {
            if (!baseline.isThere(order)) {
                var done = ActionResult.writing(context.apply(order, target, changes));
                return order.targetRunning() ? done : done.and(tidied(order, target, primary));
            }
            var gone = baseline.stopped(order, target, primary);
            // That took its time: what is known now is what the canary's pods are judged by.
            new Evidence(context).require(RouterAction.SCALE, order, null);
            target = context.target(order.canary());
            return gone.and(context.apply(order, target, possible(order, target)));
        }
        List<Change> both = new ArrayList<>(changes);
        baseline.started(order, target, primary, pods(target, changes)).ifPresent(both::add);
        return ActionResult.writing(context.apply(order, target, both));
    }

    /**
     * A port that only what was promoted before had goes from the Services with its pods; not while
     * a route of the user's leads to it. What keeps the Services from it keeps no run from its end.
     */
    private List<ClusterObject> tidied(
            Order order, Target target, @Nullable ClusterObject primary) {
        var canary = order.canary();
        if (primary == null || !target.kind().target().hasPods()) {
            return List.of();
        }
        try {
            var sides = context.sides(canary);
            var apex = sides.apex(canary, target, primary).filter(Change::isEffective);
            if (apex.isEmpty()) {
                // What a promotion exposed it exposed by all of them: no other need be read.
                return List.of();
            }
            var stopped = context.target(canary);
            List<Change> services = new ArrayList<>(sides.routable(canary, stopped, primary));
            services.add(apex.get());
            services.removeIf(change -> change.live() == null || !change.isEffective());
            context.route(order)
                    .refuseMisfit(
                            order.routing(target, primary).at(Split.PRIMARY),
                            context.cluster()::find);
            return context.apply(order, stopped, services);
        } catch (Refusal unfit) {
            if (unfit.outcome() == RouterOutcome.STALE) {
                throw unfit;
            }
            return List.of();
        }
    }

    /** What is to change; refused while pods that go may still be sent requests. */
    private List<Change> possible(Order order, Target target) {
        List<Change> changes = new ArrayList<>(wanted(order, target));
        var pods = new CarryingPods(context);
        var letGo = order.targetRunning() ? pods.letGoIfOver(order) : pods.letGo(order);
        letGo.ifPresent(changes::add);
        if (!changes.isEmpty() && !order.targetRunning()) {
            context.requireTime(order, ActionResult.writing(List.of()));
            refuseWhileRouted(order);
            refuseWhileUnseen(order);
            refuseWhileOnApex(order, target);
            context.requireFollowed(order, ActionResult.writing(List.of()));
        }
        return changes;
    }

    /** How many pods the target has afterwards. */
    private static int pods(Target target, List<Change> changes) {
        return target.kind()
                .desired(
                        changes.stream()
                                .filter(change -> change.ref().equals(target.object().ref()))
                                .map(Change::desired)
                                .findFirst()
                                .orElseGet(target::object));
    }

    /** What is to change so that the target runs, or does not; nothing when it is so. */
    List<Change> wanted(Order order, Target target) {
        var changes = order.targetRunning() ? started(order, target) : stopped(order, target);
        return changes.stream().filter(Change::isEffective).toList();
    }

    private List<Change> started(Order order, Target target) {
        var live = target.object();
        var primary = context.findPrimary(order.canary(), target);
        refuseUnlike(target, primary);
        List<Change> changes = new ArrayList<>();
        context.scalers().resumed(order.canary()).ifPresent(changes::add);
        changes.addAll(context.scalers().former().resumed(order.canary()));
        var pods = new CarryingPods(context);
        pods.besideCanary(order, target, primary).ifPresent(changes::add);
        var begun = CanaryNodes.begun(order.canary(), live);
        if (target.kind().isScaledDown(live)) {
            begun = target.kind().scaledUp(begun, pods.begun(order, target, primary));
            begun = ManifestSize.begun(target.kind(), begun);
        }
        changes.add(new Change(live, begun));
        changes.addAll(following(order, target, primary));
        return changes;
    }

    /**
     * Nothing is begun that cannot be promoted, as long as somebody serves without it.
     *
     * @param primary null when it does not exist
     */
    static void refuseUnlike(Target target, @Nullable ClusterObject primary) {
        if (primary != null && target.kind().available(primary) > 0) {
            target.refuseUnlike(primary);
        }
    }

    /** What the mesh asks for may be otherwise than when the Canary was made. */
    private String wrong(Order order, Target target, @Nullable ClusterObject primary) {
        if (!order.targetRunning() || !target.kind().isScaledDown(target.object())) {
            return "";
        }
        return String.join(
                "; ",
                context.route(order)
                        .checkRelease(
                                order.routing(target, primary).at(Split.PRIMARY),
                                Router.Found.in(context.cluster())));
    }

    /** Whom the mesh may still send to the canary must not meet what is yet to be analysed. */
    private List<Change> following(Order order, Target target, @Nullable ClusterObject primary) {
        var changes =
                context.sides(order.canary()).current(order.canary(), target, primary).stream()
                        .filter(Change::isEffective)
                        .toList();
        if (!changes.isEmpty()) {
            context.requireFollowed(order, ActionResult.writing(List.of()));
            var unseen = context.route(order).unseen(Router.Found.in(context.cluster()));
            if (unseen.isPresent()) {
                throw Refusal.retry(
                        "%s, so that %s does not follow %s yet"
                                .formatted(
                                        unseen.get(),
                                        changes.getFirst().ref().dotted(),
                                        target.object().ref().dotted()));
            }
        }
        return changes;
    }

    /** The autoscaler is held still first: KEDA takes the pods away by it, or brings them back. */
    private List<Change> stopped(Order order, Target target) {
        if (!target.kind().target().hasPods()) {
            return List.of();
        }
        var live = target.object();
        List<Change> changes = new ArrayList<>();
        context.scalers()
                .paused(order.canary())
                .filter(Change::isEffective)
                .ifPresent(changes::add);
        var ended = CanaryNodes.ended(live);
        if (!target.kind().isScaledDown(live)) {
            ended = ManifestSize.ended(target.kind().scaledDown(ended));
        }
        Optional.of(new Change(live, ended)).filter(Change::isEffective).ifPresent(changes::add);
        var primary = context.findPrimary(order.canary(), target);
        if (!changes.isEmpty() && (primary == null || target.kind().available(primary) == 0)) {
            throw Refusal.retry(
                    "%s serves nothing yet, so that %s is not scaled down"
                            .formatted(
                                    target.name() + "-primary." + order.namespace(),
                                    live.ref().dotted()));
        }
        new CarryingPods(context).afterCanary(order, target, primary).ifPresent(changes::add);
        return changes;
    }

    private void refuseWhileRouted(Order order) {
        refuseWhileRoutedBefore(order);
        context.route(order)
                .current(context.cluster()::find)
                .filter(split -> split.reachesCanary())
                .ifPresent(
                        split -> {
                            throw Refusal.retry(
                                    "%s still sends %s percent to the canary%s, so that it is not scaled down"
                                            .formatted(
                                                    order.canary().apex() + "." + order.namespace(),
                                                    split.canaryWeight(),
                                                    split.mirrored() ? " and copies" : ""));
                        });
    }

    /** By a name, or on a mesh, that the Canary asks for no more. */
    void refuseWhileRoutedBefore(Order order) {
        FormerObjects.known(context)
                .leading(order.canary())
                .ifPresent(
                        former -> {
                            throw Refusal.retry(
                                    "%s %s, which the Canary asks for no more, still sends requests to the canary, so that it is not scaled down"
                                            .formatted(
                                                    former.ref().kind().name(),
                                                    former.ref().dotted()));
                        });
    }

    /** The route leads to the primary, but the mesh may not have seen that. */
    private void refuseWhileUnseen(Order order) {
        var unseen = context.route(order).unseen(Router.Found.in(context.cluster()));
        if (unseen.isPresent()) {
            throw Refusal.retry(
                    "%s, so that %s.%s is not scaled down"
                            .formatted(
                                    unseen.get(),
                                    order.canary().getSpec().targetRef().name(),
                                    order.namespace()));
        }
    }

    /**
     * The apex may have been turned back to the target by somebody else, now or time and again:
     * then its clients would find nobody.
     */
    void refuseWhileOnApex(Order order, Target target) {
        context.services()
                .apexOn(order.canary(), target)
                .ifPresent(
                        apex -> {
                            throw Refusal.retry(
                                    "service %s selects the pods of %s (spec.selector %s), so that it is not scaled down%s"
                                            .formatted(
                                                    apex.ref().dotted(),
                                                    target.object().ref().dotted(),
                                                    apex.at("/spec/selector"),
                                                    by(apex.ref())));
                        });
        context.services().ledBack(order.canary()).stream()
                .findFirst()
                .ifPresent(
                        former -> {
                            throw Refusal.retry(
                                    "service %s, which the Canary asks for no more, still leads to the canary, so that it is not scaled down"
                                            .formatted(former.ref().dotted()));
                        });
        var ref = Services.apex(order.canary());
        context.contested()
                .lasting(ref)
                .ifPresent(
                        contest -> {
                            throw Refusal.retry(
                                    "service %s is written by %s again and again (spec.selector), so that %s is not scaled down: let only one of both write it"
                                            .formatted(
                                                    ref.dotted(),
                                                    contest.by(),
                                                    target.object().ref().dotted()));
                        });
    }

    private String by(Ref ref) {
        return context.contested()
                .last(ref)
                .map(
                        contest ->
                                ": %s wrote it last; let only one of both write it"
                                        .formatted(contest.by()))
                .orElse("");
    }
}
