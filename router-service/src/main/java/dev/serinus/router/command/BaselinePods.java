package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Changes;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Split;
import dev.serinus.router.scaler.Scalers;
import dev.serinus.router.workload.Baseline;
import dev.serinus.router.workload.Primaries;
import dev.serinus.router.workload.ReleaseTargets;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Weight;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Starts the pods of the baseline, and takes them away once no request goes there. Its Service and
 * its place in the route are there as long as the Canary asks for a baseline, as the canary's are.
 */
record BaselinePods(ActionContext context) {

    /**
     * What is to change so that they run what the primary does; nothing without a primary.
     *
     * @param pods how many the canary has
     */
    Optional<Change> started(
            Order order, Target target, @Nullable ClusterObject primary, int pods) {
        if (primary == null) {
            throw Refusal.retry(
                    "%s-primary.%s does not exist, so that there is nothing for %s to run"
                            .formatted(
                                    target.name(),
                                    order.namespace(),
                                    Baseline.ref(order.canary()).dotted()));
        }
        return Optional.of(
                        Baseline.made(
                                order.canary(),
                                target,
                                primary,
                                context.cluster().find(Baseline.ref(order.canary())),
                                pods,
                                context.installation().selectorLabels()))
                .filter(Change::isEffective);
    }

    /** Refuses a share for pods that do not serve, or for a Service that leads elsewhere. */
    void refuseUnserved(Order order, Target target) {
        context.services().refuseUsersBaseline(order.canary());
        var ref = Baseline.ref(order.canary());
        var live = context.cluster().find(ref);
        if (live == null || target.kind().available(live) == 0) {
            throw Refusal.retry(
                    "%s has no available replicas, so that it gets no traffic yet"
                            .formatted(ref.dotted()));
        }
    }

    /**
     * How many pods serve what canary and baseline have, all of which goes to the primary. Each of
     * them began in the size that serves everything; an autoscaler may have made all three smaller
     * since, and then it takes as many as both have. Without one they would only add up: the next
     * canary begins in the primary's size, so that each release taken back would double it.
     */
    int leavingWith(Order order, Target target) {
        var live = found(order).orElse(null);
        int baseline = live == null ? 0 : target.kind().available(live);
        return Scalers.primary(order.canary()).isPresent()
                ? serving(target) + baseline
                : Math.max(serving(target), baseline);
    }

    /** Those that a rolling update starts beside the others are no more than carry its share. */
    private static int serving(Target target) {
        var live = target.object();
        return target.kind().isSized() && !target.kind().isScaledDown(live)
                ? Math.min(target.serving(), target.kind().desired(live))
                : target.serving();
    }

    /** True while there is one of this Canary's own. */
    boolean isThere(Order order) {
        return found(order).isPresent();
    }

    private Optional<ClusterObject> found(Order order) {
        return ReleaseTargets.of(order.canary().getSpec().targetRef()).target().hasPods()
                ? Optional.ofNullable(context.cluster().find(Baseline.ref(order.canary())))
                        .filter(it -> it.isOwnedBy(order.canary()))
                : Optional.empty();
    }

    /**
     * Takes them away: their share goes to the primary first, and what a data plane still sends
     * them after that finds somebody.
     */
    ActionResult stopped(Order order, Target target, @Nullable ClusterObject primary) {
        var live = found(order).orElse(null);
        if (live == null) {
            return ActionResult.writing(List.of());
        }
        refuseStale(order, live);
        var route = context.route(order);
        var present = route.current(context.cluster()::find).orElse(Split.PRIMARY);
        var done = ActionResult.writing(List.of());
        if (present.baseline().isAny()) {
            refuseWithoutPrimary(order, target, primary);
            var alone = present.beside(Weight.NONE);
            List<Change> changes = new ArrayList<>();
            if (primary != null) {
                // What comes back to the primary finds as many pods there as it leaves.
                changes.add(Primaries.atLeast(target, primary, target.kind().available(live)));
            }
            changes.addAll(
                    route.plan(order.routing(target, primary).at(alone), context.cluster()::find));
            var written = context.apply(order, target, changes);
            done =
                    ActionResult.writing(written)
                            .reading(route.current(context.cluster()::find).orElse(alone));
        }
        context.requireFollowed(order, done);
        // A watch may be behind whoever turned it back.
        route.routes().forEach(ref -> context.cluster().refresh(ref, Duration.ZERO));
        refuseWhileRouted(order, live);
        var unseen = route.unseen(Router.Found.in(context.cluster()));
        if (unseen.isPresent()) {
            throw Refusal.retry(
                    "%s, so that %s is not deleted".formatted(unseen.get(), live.ref().dotted()));
        }
        context.cluster().delete(live.ref());
        return done;
    }

    /** Somebody may have turned it back meanwhile, or the Canary had another route before. */
    private void refuseWhileRouted(Order order, ClusterObject live) {
        var former = FormerObjects.known(context);
        former.leading(order.canary())
                .filter(
                        it ->
                                former.split(it)
                                        .map(Split::baseline)
                                        .filter(Weight::isAny)
                                        .isPresent())
                .ifPresent(
                        route -> {
                            throw Refusal.retry(
                                    "%s %s, which the Canary asks for no more, still sends requests to the baseline, so that %s is not deleted"
                                            .formatted(
                                                    route.ref().kind().name(),
                                                    route.ref().dotted(),
                                                    live.ref().dotted()));
                        });
        context.route(order)
                .current(context.cluster()::find)
                .map(Split::baseline)
                .filter(Weight::isAny)
                .ifPresent(
                        share -> {
                            throw Refusal.retry(
                                    "%s.%s still sends %s percent to the baseline, so that %s is not deleted"
                                            .formatted(
                                                    order.canary().apex(),
                                                    order.namespace(),
                                                    share,
                                                    live.ref().dotted()));
                        });
    }

    private static void refuseStale(Order order, ClusterObject live) {
        var mark = order.mark();
        Changes.refuseStale(
                mark,
                List.of(
                        new Change(
                                live,
                                live.edited(it -> it.annotate(Mark.ANNOTATION, mark.toString())))));
    }

    private static void refuseWithoutPrimary(
            Order order, Target target, @Nullable ClusterObject primary) {
        if (primary == null || target.kind().available(primary) == 0) {
            throw Refusal.retry(
                    "%s-primary.%s has no available replicas, so that traffic stays with %s"
                            .formatted(
                                    target.name(),
                                    order.namespace(),
                                    Baseline.ref(order.canary()).dotted()));
        }
    }
}
