package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Changes;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.KeptFields;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.router.service.Services;
import dev.serinus.router.workload.CanaryNodes;
import dev.serinus.router.workload.ReleaseTarget;
import dev.serinus.router.workload.ReleaseTargets;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.RouterOutcome;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Puts the split into the mesh and reads back what the mesh shows. Traffic goes only where pods
 * serve, unless none serve on the other side either.
 */
record Shift(ActionContext context) implements Action {

    /** Most data planes take a route in that time; others are asked about again. */
    private static final Duration MOMENT = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(Shift.class);

    @Override
    public ActionResult carryOut(Order order) {
        var route = context.route(order);
        if (route.routes().isEmpty()) {
            var withdrawn = new FormerObjects(context).withdraw(order.canary());
            return followed(
                    order,
                    ActionResult.writing(List.of()).reading(Split.PRIMARY).withdrawing(withdrawn));
        }
        try {
            if (!order.unusable().isEmpty()) {
                throw Refusal.invalid(order.unusable());
            }
            return planned(order, route);
        } catch (Refusal refusal) {
            boolean waits = refusal.pause() != null; // for the primary's pods
            if (order.split().reachesCanary()
                    || waits
                    || refusal.outcome() == RouterOutcome.STALE) {
                throw refusal;
            }
            return takenBack(order, route, refusal);
        }
    }

    /**
     * Takes traffic from the canary on the route as it stands: whatever is wrong with the manifest,
     * with the target or with what the route is made from must not keep it there.
     *
     * @param refusal why the route cannot be made as it has to be
     */
    private ActionResult takenBack(Order order, CanaryRoute route, Refusal refusal) {
        var before = new FormerTarget(context, order.canary());
        boolean isLedBefore = before.isLedTo();
        if (!isLedBefore) {
            refuseUnserved(order);
        } else if (!before.isPrimaryServing() && before.isCandidateServing()) {
            return rescued(order, route, before);
        }
        var changes = route.withoutCanary(context.cluster()::find);
        if (isLedBefore
                && changes.isEmpty()
                && new FormerObjects(context).leading(order.canary()).isEmpty()) {
            return ActionResult.writing(List.of()).reading(Split.PRIMARY);
        }
        Map<Ref, ClusterObject> after = new HashMap<>();
        changes.forEach(change -> after.put(change.ref(), change.desired()));
        if (changes.isEmpty()
                || route.current(after::get).filter(Split::reachesCanary).isPresent()) {
            throw refusal;
        }
        List<Refusal> refused = new ArrayList<>();
        var written = context.apply(order, changes, refused::add);
        var withdrawn = new FormerObjects(context).withdraw(order.canary());
        if (!refused.isEmpty()) {
            // What could be taken back was; the rest is said until it is.
            throw Refusal.all(refused);
        }
        Changes.after(changes, written).forEach(it -> after.put(it.ref(), it));
        return ActionResult.writing(written)
                .reading(route.current(after::get).orElse(Split.PRIMARY))
                .showing(route.cookies(after::get).orElse(null))
                .withdrawing(withdrawn)
                .but(
                        "%s %s leads to the primary and is otherwise as it was: %s"
                                .formatted(
                                        changes.getFirst().ref().kind().name(),
                                        changes.getFirst().ref().dotted(),
                                        refusal.because()));
    }

    /**
     * Leads everybody to the canary of the target before: its primary does not serve, and who
     * analyses looks at the pods of neither any more.
     */
    private ActionResult rescued(Order order, CanaryRoute route, FormerTarget before) {
        var changes =
                before.routing(order)
                        .map(routing -> route.plan(routing, context.cluster()::find))
                        .orElse(List.of());
        var written = context.apply(order, changes);
        Map<Ref, ClusterObject> after = new HashMap<>();
        Changes.after(changes, written).forEach(it -> after.put(it.ref(), it));
        return ActionResult.writing(written)
                .reading(route.current(after::get).orElse(Split.PRIMARY))
                .showing(route.cookies(after::get).orElse(null))
                .but(
                        "%s leads to a primary of the target before that does not serve, so that all traffic goes to its canary"
                                .formatted(Services.primary(order.canary()).dotted()));
    }

    private ActionResult planned(Order order, CanaryRoute route) {
        var canary = order.canary();
        var target = context.target(canary);
        var primary = context.findPrimary(canary, target);
        var another = new AnotherTarget(context, canary, target, primary);
        if (another.isYetToBeMade()
                || (!order.split().reachesCanary()
                        && new FormerTarget(context, canary).isLedTo())) {
            throw Refusal.retry(
                    "%s has no primary yet, and service %s leads to that of another target, so that no traffic is moved"
                            .formatted(
                                    target.object().ref().dotted(),
                                    Services.primary(canary).dotted()));
        }
        if (available(target, primary) == 0 && target.serving() == 0) {
            // Then traffic may go anywhere: not because of what the watch shows too late.
            new Evidence(context).renew(order);
            target = context.target(canary);
            primary = context.findPrimary(canary, target);
        }
        refuseUnserved(
                order,
                target.object().ref(),
                target.serving(),
                target.kind()
                        .primary(canary, context.cluster()::find)
                        .orElseGet(target.object()::ref),
                available(target, primary));
        if (order.split().reachesCanary()) {
            Scale.refuseUnlike(target, primary);
        }
        if (!order.split().baseline().isAny()) {
            return followed(order, route(order, route, target, primary, false));
        }
        var baseline = new BaselinePods(context);
        int pods = target.kind().desired(target.object());
        var started = baseline.started(order, target, primary, pods).stream().toList();
        var written = context.apply(order, target, started);
        baseline.refuseUnserved(order, target);
        return route(order, route, target, primary, false).and(written);
    }

    /**
     * A canary that nobody meets shows what the target releases now: the next that is analysed.
     * What keeps it from that keeps no traffic with it, and is met again when the next run begins.
     */
    private ActionResult followed(Order order, ActionResult done) {
        var canary = order.canary();
        if (order.split().reachesCanary()) {
            return done;
        }
        var kind = ReleaseTargets.of(canary.getSpec().targetRef());
        if (kind.target().hasPods() && context.cluster().find(kind.named(canary)) == null) {
            return done;
        }
        try {
            var target = context.target(canary);
            var primary = context.findPrimary(canary, target);
            var changes =
                    context.sides(canary).current(canary, target, primary).stream()
                            .filter(Change::isEffective)
                            .toList();
            if (changes.isEmpty()) {
                return done;
            }
            context.requireFollowed(order, done);
            var unseen = context.route(order).unseen(Router.Found.in(context.cluster()));
            return unseen.isPresent()
                    ? done.but(
                            "%s, so that %s does not follow %s yet"
                                    .formatted(
                                            unseen.get(),
                                            changes.getFirst().ref().dotted(),
                                            target.object().ref().dotted()))
                    : done.and(context.apply(order, target, changes));
        } catch (Refusal refusal) {
            if (refusal.outcome() == RouterOutcome.STALE) {
                throw refusal;
            }
            return done.but(refusal.because());
        }
    }

    /**
     * Writes the route, has the rest wait until the mesh has taken it and reads it back. Less
     * traffic to the canary does not wait: the mesh may be the one that fails, and what it has not
     * seen yet keeps the canary's pods.
     *
     * @param always wait, however little traffic the canary gets
     */
    ActionResult route(
            Order order,
            CanaryRoute route,
            Target target,
            @Nullable ClusterObject primary,
            boolean always) {
        var canary = order.canary();
        Map<Ref, @Nullable ClusterObject> before = new HashMap<>();
        route.consulted().forEach(ref -> before.put(ref, context.cluster().find(ref)));
        var former = new FormerObjects(context);
        var leading = former.leading(canary);
        var routing = order.routing(target, primary);
        Router.Live known = context.seen(before);
        var plan = always ? route.plan(routing, known) : plan(route, routing, known);
        List<Change> changes = new ArrayList<>();
        List<Change> first = List.of();
        boolean isNew = route.routes().stream().anyMatch(ref -> before.get(ref) == null);
        if (isNew) {
            // A route of a new name must not lead to Services that are yet to come.
            changes.addAll(context.sides(canary).routable(canary, target, primary));
            // What has the pods until now lets them go when its successor is there.
            first = route.beforePrimary(plan);
            changes.addAll(first);
            changes.addAll(former.retired(canary));
        }
        plan.stream().filter(Predicate.not(first::contains)).forEach(changes::add);
        Weight present =
                Stream.concat(
                                route.current(before::get).stream(),
                                leading.flatMap(former::split).stream())
                        .map(Split::canaryWeight)
                        .max(Comparator.naturalOrder())
                        .orElse(order.split().canaryWeight());
        if (order.split().canaryWeight().isAbove(present)) {
            // More traffic only onto a route that the mesh has taken; less at any time.
            refuse(route.accepted(before::get, Router.Found.in(context.cluster())));
            if (!isNew && target.kind().target().hasPods()) {
                // First of all: nobody is led to a Service that selects none of the pods.
                changes.addAll(0, context.sides(canary).current(canary, target, primary));
            }
            var pods = new CarryingPods(context);
            pods.letGoIfOver(order).ifPresent(changes::add);
            changes.addAll(0, pods.onCanary(order, target, primary));
        }
        var tooMany = new CarryingPods(context).noMoreOnCanary(order, target, primary, present);
        if (present.isAbove(order.split().canaryWeight()) && primary != null) {
            changes.addAll(0, new CarryingPods(context).onPrimary(order, target, primary, present));
        }
        List<ClusterObject> withdrawn = new ArrayList<>(former.withdrawAdding(canary));
        var written = written(order, route, target, present, changes);
        withdrawn.addAll(former.withdraw(canary));
        Map<Ref, ClusterObject> after = new HashMap<>();
        Changes.after(changes, written)
                .filter(it -> before.containsKey(it.ref()))
                .forEach(it -> after.put(it.ref(), it));
        boolean less =
                present.isAbove(order.split().canaryWeight()) || !order.split().reachesCanary();
        if (always || !less) {
            requireTaken(route, after, written);
        }
        Split read = route.current(after::get).orElse(Split.PRIMARY);
        var done =
                ActionResult.writing(written)
                        .reading(read)
                        .showing(route.cookies(after::get).orElse(null))
                        .withdrawing(withdrawn);
        if (!tooMany.isEmpty()) {
            // What the canary has too much serves until requests go to the others too.
            context.requireFollowed(order, done);
            done = done.and(context.apply(order, target, tooMany));
        }
        return always
                ? done.but(unkept(route, changes, written))
                : done.but(besides(order, target, primary, done.written()));
    }

    /** What of the canary's pods is otherwise than was asked for. */
    private String besides(
            Order order,
            Target target,
            @Nullable ClusterObject primary,
            List<ClusterObject> written) {
        var found = new ArrayList<String>();
        found.add(new CarryingPods(context).otherShare(order, target, primary));
        if (order.split().reachesCanary()) {
            var live = target.object();
            found.add(
                    CanaryNodes.missed(
                            order.canary(),
                            target.kind(),
                            written.stream()
                                    .filter(it -> it.ref().equals(live.ref()))
                                    .findFirst()
                                    .orElse(live)));
        }
        found.removeIf(String::isEmpty);
        return String.join("; ", found);
    }

    /**
     * Has everybody at the canary before the primary's pods are replaced, where one Service selects
     * the pods of both: there those that begin and those that go would be a part of the split, and
     * a primary that has none for a moment would leave all to the pods of a share.
     *
     * @return with the split that is shown; nothing on other meshes
     */
    ActionResult beforePrimaryIsReplaced(
            Order order, Target target, @Nullable ClusterObject primary) {
        var route = context.route(order);
        var done = ActionResult.writing(List.of());
        if (!route.sharesByPods()) {
            return done;
        }
        var present = route.current(context.cluster()::find);
        if (present.filter(it -> it.reachesCanary() && it.reachesPrimary()).isPresent()) {
            done = route(order.toCanaryAlone(), route, target, primary, false);
        } else if (present.isPresent()) {
            done = done.reading(present.get());
        }
        if (present.filter(Split::reachesCanary).isPresent()) {
            context.requireFollowed(order, done);
        }
        return done;
    }

    /** True where one Service leads to the pods of both sides. */
    boolean leadsToBoth(Order order) {
        return context.route(order)
                .current(context.cluster()::find)
                .filter(it -> it.reachesCanary() && it.reachesPrimary())
                .isPresent();
    }

    /**
     * Leads back to the share that the order says, from a canary that has everybody since its
     * primary was about to be replaced. Where the share is so already, the pods go that the canary
     * got for everybody.
     *
     * @return whether more than that share was at the canary
     */
    boolean isLedBack(Order order, @Nullable ClusterObject primary) {
        boolean isShared = order.split().reachesCanary() && order.split().reachesPrimary();
        var route = context.route(order);
        var target = context.target(order.canary());
        if (primary == null || !isShared || available(target, primary) == 0) {
            return false;
        }
        var present = route.current(context.cluster()::find).orElse(Split.PRIMARY).canaryWeight();
        if (present.isAbove(order.split().canaryWeight())) {
            var routing = order.routing(target, primary);
            var _ = context.apply(order, target, route.plan(routing, context.cluster()::find));
            return true;
        }
        if (present.isAny()) {
            var pods = new CarryingPods(context).noMoreOnCanary(order, target, primary, present);
            if (!pods.isEmpty()) {
                context.requireFollowed(order, ActionResult.writing(List.of()));
                var _ = context.apply(order, target, pods);
            }
        }
        return false;
    }

    /**
     * Has the rest wait until the mesh has taken the route. While it may still be about to, nothing
     * is wrong, and who asks may have something else done meanwhile.
     *
     * @param after the routes as they are now
     */
    private void requireTaken(
            CanaryRoute route, Map<Ref, ClusterObject> after, List<ClusterObject> written) {
        var said = route.accepted(after::get, Router.Found.in(context.cluster()));
        if (said.equals(Acceptance.TAKEN)) {
            return;
        }
        var moment = MOMENT.compareTo(context.patience()) < 0 ? MOMENT : context.patience();
        throw NotYet.shown(
                () -> route.awaitTaken(after::get, context.cluster(), moment),
                ActionResult.writing(written),
                context.rest(route.canary()).isPresent()
                        ? Refusal.later(said.because(), MOMENT)
                        : Refusal.retry(said.because()));
    }

    /** What older definitions took away of the route; whom it serves is the same without it. */
    private static String unkept(
            CanaryRoute route, List<Change> changes, List<ClusterObject> written) {
        var parts = route.writes();
        return changes.stream()
                .filter(change -> parts.contains(change.ref()))
                .flatMap(
                        change ->
                                written.stream()
                                        .filter(it -> it.ref().equals(change.ref()))
                                        .flatMap(it -> unkept(change.desired(), it).stream()))
                .distinct()
                .collect(Collectors.joining("; "));
    }

    private static Optional<String> unkept(ClusterObject desired, ClusterObject written) {
        var missing = KeptFields.missingPaths(desired, written);
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "%1$s %2$s was kept without %3$s: the definition of %1$s in this cluster does not have it; install a later one, or leave out of the Canary what asks for it"
                                .formatted(
                                        written.ref().kind().name(),
                                        written.ref().dotted(),
                                        String.join(", ", missing)));
    }

    /**
     * What is to change. A route that cannot be made as it is asked for is in nobody's way where
     * the canary is to get nothing and nothing leads there: a release is taken back all the same.
     */
    private static List<Change> plan(CanaryRoute route, Routing routing, Router.Live live) {
        try {
            return route.plan(routing, live);
        } catch (Refusal unusable) {
            if (routing.split().reachesCanary() || route.leadsToCanary(live)) {
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

    /** Where nothing is taken from the canary, there is time to name it ahead. */
    private List<ClusterObject> written(
            Order order, CanaryRoute route, Target target, Weight present, List<Change> changes) {
        if (present.isAbove(order.split().canaryWeight())) {
            return context.apply(order, target, changes);
        }
        return new Turning(context, route)
                .write(changes, Turning.Noted.AS_WANTED, some -> context.apply(order, target, some))
                .orWait(ActionResult.writing(List.of()));
    }

    private static int available(Target target, @Nullable ClusterObject primary) {
        return primary == null ? 0 : target.kind().available(primary);
    }

    private static void refuse(Acceptance acceptance) {
        if (!acceptance.equals(Acceptance.TAKEN)) {
            throw Refusal.retry(acceptance.because());
        }
    }

    /** Of a target that may be gone, or is none that can be released. */
    private void refuseUnserved(Order order) {
        var canary = order.canary();
        var kind = ReleaseTargets.of(canary.getSpec().targetRef());
        var target = context.cluster().find(kind.named(canary));
        var candidate = target == null ? Optional.<Ref>empty() : kind.candidate(target);
        var primary = kind.primary(canary, context.cluster()::find);
        refuseUnserved(
                order,
                kind.named(canary),
                available(kind, candidate.map(context.cluster()::find).orElse(null)),
                primary.orElseGet(() -> kind.named(canary)),
                available(kind, primary.map(context.cluster()::find).orElse(null)));
    }

    private static void refuseUnserved(
            Order order, Ref target, int onCanary, Ref primary, int onPrimary) {
        if (order.split().reachesCanary() && onCanary == 0 && onPrimary > 0) {
            throw unserved(target, primary);
        }
        if (order.split().reachesPrimary() && onPrimary == 0 && onCanary > 0) {
            throw unserved(primary, target);
        }
    }

    private static int available(ReleaseTarget kind, @Nullable ClusterObject workload) {
        return workload == null ? 0 : kind.available(workload);
    }

    private static Refusal unserved(Ref without, Ref serving) {
        return Refusal.retry(
                "%s has no available replicas, so that traffic stays with %s"
                        .formatted(without.dotted(), serving.dotted()));
    }
}
