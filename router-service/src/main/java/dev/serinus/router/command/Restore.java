package dev.serinus.router.command;

import dev.serinus.router.canary.Canaries;
import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Changes;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.release.Sides;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.router.scaler.Scalers;
import dev.serinus.router.service.Services;
import dev.serinus.router.workload.Baseline;
import dev.serinus.router.workload.CanaryNodes;
import dev.serinus.router.workload.ManifestSize;
import dev.serinus.router.workload.ReleaseTargets;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.events.RouterOutcome;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Lets a Canary go: the last promoted state serves from the target again, then the apex and the
 * route lead there, then what we made goes, then the finalizer. The garbage collector has no part
 * in it, since a deletion in the foreground begins with what the Canary owns; who orphans keeps it.
 */
record Restore(ActionContext context) implements Action {

    /** On a Canary that goes without what it owns, from when that is known until it is gone. */
    static final String ORPHANS = ClusterObject.OURS + "orphans";

    @Override
    public ActionResult carryOut(Order order) {
        var ref = Kind.CANARY.named(order.namespace(), order.canary().getMetadata().getName());
        var live = context.cluster().find(ref);
        if (live == null || !Finalizer.isOn(live)) {
            return ActionResult.writing(List.of());
        }
        if (live.at("/metadata/deletionTimestamp").isMissingNode()) {
            throw Refusal.retry("canary %s is not being deleted".formatted(ref.dotted()));
        }
        List<ClusterObject> written = new ArrayList<>();
        // In a terminating namespace nothing can be made whole again, and waiting blocks its end.
        var spec = order.canary().getSpec();
        if (spec != null && !context.cluster().isTerminating(order.namespace())) {
            boolean orphans = orphans(order, live);
            if (orphans && live.annotation(ORPHANS) == null) {
                // What shows it goes in the middle of this; whoever begins again is to know still.
                live = context.cluster().replace(live.edited(it -> it.annotate(ORPHANS, "true")));
            }
            var target = targetIfAny(order);
            boolean reverts = !Boolean.FALSE.equals(spec.revertOnDeletion());
            // Without a revert, too: Services of the user's own must not select pods that go.
            var behind = behind(order, orphans);
            written.addAll(reverts ? restored(order, target, orphans) : letGo(order, target));
            if (orphans) {
                if (!behind.isEmpty()) {
                    context.requireFollowed(order, ActionResult.writing(written));
                }
                written.addAll(context.repair(order.canary(), behind));
                written.addAll(context.repair(order.canary(), unheld(order)));
                // The collector rewrites whatever it orphans, and this cannot be rewritten: while
                // it
                // is there the collector is not done, and the Canary stays.
                context.primaries().forgetAll(order.canary());
            } else {
                written.addAll(remove(order, behind, written));
            }
        }
        context.cluster().release(Finalizer.removed(live));
        return ActionResult.writing(written);
    }

    /**
     * True when what the Canary owns is to stay, as it serves now. The collector's finalizer says
     * so, but goes when the collector is done, perhaps before anybody looked; then our note, what
     * the watch saw, or that something stays which every other deletion takes away.
     */
    private boolean orphans(Order order, ClusterObject canary) {
        return order.orphans()
                || canary.annotation(ORPHANS) != null
                || Finalizer.isOn(canary, Canaries.ORPHAN)
                || context.primaries().areLeftBehind(order.canary());
    }

    /** What is orphaned is nobody's to let go later: its autoscaler has its own minimum again. */
    private List<Change> unheld(Order order) {
        var changes = context.scalers().letGo(order.canary()).stream().toList();
        Changes.refuseStale(order.mark(), changes);
        return changes;
    }

    /**
     * What the route leads to and was there before: given back when the route has left it. Where
     * the route stays, what it leads to does as well.
     */
    private List<Change> behind(Order order, boolean orphans) {
        var canary = order.canary();
        boolean stays =
                orphans
                        && context.routers().find(canary).stream()
                                .flatMap(route -> route.routes().stream())
                                .map(context.cluster()::find)
                                .filter(Objects::nonNull)
                                .anyMatch(route -> route.isOwnedBy(canary));
        var behind =
                stays
                        ? List.<Change>of()
                        : sides(canary).map(it -> it.givenBehind(canary)).orElseGet(List::of);
        Changes.refuseStale(order.mark(), behind);
        return behind;
    }

    private List<ClusterObject> restored(Order order, @Nullable Target target, boolean orphans) {
        var canary = order.canary();
        List<ClusterObject> written = new ArrayList<>(scalersResumed(order));
        if (target != null) {
            var serving = List.of(serving(order, target));
            Changes.refuseStale(order.mark(), serving);
            written.addAll(context.repair(canary, serving));
            requireServing(target, written);
        }
        List<Change> given = new ArrayList<>();
        sides(canary).ifPresent(it -> given.addAll(it.given(canary, target)));
        context.routers()
                .find(canary)
                .ifPresent(it -> given.addAll(it.restored(context.cluster()::find)));
        given.addAll(FormerObjects.known(context).restored(canary));
        if (target != null) {
            given.addAll(left(canary, target));
        }
        // What is orphaned serves on as it does.
        given.removeIf(
                change -> orphans && Objects.requireNonNull(change.live()).isOwnedBy(canary));
        ActionContext.refuseForeign(canary, given);
        Changes.refuseStale(order.mark(), given);
        var route = context.routers().find(canary);
        written.addAll(
                route.isEmpty()
                        ? context.repair(canary, given)
                        : turned(route.get(), given, written));
        return written;
    }

    /** Nobody would know why an autoscaler of the user's keeps the target without pods. */
    private List<ClusterObject> scalersResumed(Order order) {
        var canary = order.canary();
        var scalers = new ArrayList<>(context.scalers().restored(canary).stream().toList());
        scalers.addAll(context.scalers().former().resumed(canary));
        Changes.refuseStale(order.mark(), scalers);
        return context.repair(canary, scalers);
    }

    /**
     * One that cannot be given back stops no other, but the Canary from going.
     *
     * @param written what was written before
     */
    private List<ClusterObject> turned(
            CanaryRoute route, List<Change> given, List<ClusterObject> written) {
        List<Refusal> refused = new ArrayList<>();
        var turned =
                new Turning(context, route)
                        .writeEach(
                                given,
                                Turning.Noted.AS_FOUND,
                                some -> context.repair(route.canary(), some),
                                refused::add);
        if (!refused.isEmpty()) {
            throw Refusal.all(refused);
        }
        return turned.orWait(ActionResult.writing(written));
    }

    /** A manifest that cannot be carried out left no route, and may go all the same. */
    private List<Change> left(Canary canary, Target target) {
        try {
            return context.routers()
                    .find(canary)
                    .map(
                            it ->
                                    it.left(
                                            target.object(),
                                            Routing.of(canary, Split.PRIMARY, 0, target, null),
                                            context.cluster()::find,
                                            Router.Found.in(context.cluster())))
                    .orElseGet(List::of);
        } catch (Refusal unusable) {
            if (unusable.outcome() != RouterOutcome.INVALID) {
                throw unusable;
            }
            return List.of();
        }
    }

    /** Without a revert, too, a route of the user's own must not lead to Services that go. */
    private List<ClusterObject> letGo(Order order, @Nullable Target target) {
        var route = context.routers().find(order.canary());
        List<ClusterObject> written = new ArrayList<>();
        if (route.filter(CanaryRoute::isOfTheUser).isPresent()) {
            var given = route.get().restored(context.cluster()::find);
            Changes.refuseStale(order.mark(), given);
            written.addAll(turned(route.get(), given, written));
        }
        written.addAll(scalersResumed(order));
        written.addAll(unmarked(order, target));
        return written;
    }

    /** Takes our mark off what stays and is left as it is: the next Canary has its own numbers. */
    private List<ClusterObject> unmarked(Order order, @Nullable Target target) {
        var canary = order.canary();
        List<ClusterObject> staying = new ArrayList<>();
        if (target != null) {
            staying.add(target.object());
        }
        List<Ref> entries = new ArrayList<>(List.of(Services.apex(canary)));
        context.routers().find(canary).ifPresent(it -> entries.addAll(it.writes()));
        for (Ref ref : entries) {
            var found = context.cluster().find(ref);
            if (found != null && !found.isOwnedBy(canary)) {
                staying.add(found);
            }
        }
        var changes =
                staying.stream()
                        .map(
                                it ->
                                        new Change(
                                                it,
                                                CanaryNodes.ended(it)
                                                        .edited(
                                                                edit ->
                                                                        edit.withoutAnnotations(
                                                                                Restore
                                                                                        ::isOfARun))))
                        .toList();
        Changes.refuseStale(order.mark(), changes);
        return context.repair(canary, changes);
    }

    private static boolean isOfARun(String annotation) {
        return annotation.equals(Mark.ANNOTATION) || ManifestSize.isOnTarget(annotation);
    }

    /**
     * Deletes what was made for the Canary, what leads to it first; what stays is not its any more.
     * A data plane learns later than the API server where requests go now, and until then sends
     * them to what is deleted last, by what the route names: without that wait nobody would be
     * there.
     *
     * @param behind what is given back when the data plane has left it
     * @param written what was written before
     * @return what was given back
     */
    private List<ClusterObject> remove(
            Order order, List<Change> behind, List<ClusterObject> written) {
        var canary = order.canary();
        var route = context.routers().find(canary);
        var former = FormerObjects.known(context);
        var unused = former.unused(canary);
        List<Refusal> refused = new ArrayList<>();
        var given = former.letGo(canary, _ -> {}, refused::add);
        if (!refused.isEmpty()) {
            throw Refusal.all(refused);
        }
        var all = new ArrayList<>(written);
        all.addAll(given.orWait(ActionResult.writing(written)));
        var leading = new ArrayList<>(former.made(canary, true));
        leading.addAll(route.map(CanaryRoute::leading).orElseGet(List::of));
        delete(canary, leading, ref -> context.deleteLeading(canary, ref));
        context.requireFollowed(order, ActionResult.writing(all));
        var last = context.repair(canary, behind);
        delete(canary, route.map(CanaryRoute::behind).orElseGet(List::of));
        var _ = former.delete(unused);
        delete(canary, former.made(canary, false));
        delete(canary, behindRoutes(canary));
        // Those of a name that the Canary had before, and of a target that it had.
        delete(canary, context.cluster().madeFor(canary, Kind.SERVICE));
        delete(canary, workloads(canary));
        return last;
    }

    /**
     * Primaries and baselines of whatever target, each with the copies of configs that it reads.
     */
    private List<Ref> workloads(Canary canary) {
        List<Ref> workloads = new ArrayList<>();
        for (Kind kind : List.of(Kind.DEPLOYMENT, Kind.DAEMON_SET)) {
            if (!kind.equals(Kind.DEPLOYMENT) && !context.cluster().isWatched(kind)) {
                continue; // then no Canary has had one since this process runs
            }
            for (Ref ref : context.cluster().madeFor(canary, kind)) {
                var live = context.cluster().find(ref);
                if (live != null && live.isOwnedBy(canary)) {
                    workloads.add(ref);
                    workloads.addAll(context.primaries().copies(canary, live));
                }
            }
        }
        return workloads;
    }

    private List<Ref> behindRoutes(Canary canary) {
        var sides = sides(canary).orElse(null);
        if (sides == null) {
            return Services.objects(canary).reversed();
        }
        List<Ref> made = new ArrayList<>(sides.objects(canary));
        Scalers.primary(canary).ifPresent(made::add);
        made.addAll(context.scalers().former().allCopies(canary));
        if (ReleaseTargets.of(canary.getSpec().targetRef()).target().hasPods()) {
            made.add(Baseline.ref(canary));
        }
        var primary =
                ReleaseTargets.of(canary.getSpec().targetRef())
                        .primary(canary, context.cluster()::find)
                        .map(context.cluster()::find)
                        .filter(it -> it.isOwnedBy(canary));
        primary.ifPresent(it -> made.addAll(sides.copies(canary, it)));
        return made;
    }

    /** Empty for a target that cannot be released, of which nothing was made. */
    private Optional<Sides> sides(Canary canary) {
        try {
            return Optional.of(context.sides(canary));
        } catch (Refusal unsupported) {
            if (unsupported.outcome() != RouterOutcome.INVALID) {
                throw unsupported;
            }
            return Optional.empty();
        }
    }

    private void delete(Canary canary, List<Ref> made) {
        delete(canary, made, context.cluster()::delete);
    }

    private void delete(Canary canary, List<Ref> made, Consumer<Ref> deletion) {
        for (Ref ref : made) {
            var live = context.cluster().find(ref);
            if (live != null && live.isOwnedBy(canary) && !live.isSharedWithOtherThan(canary)) {
                deletion.accept(ref);
            }
        }
    }

    /** Null when it is gone or was never ours: then there is nothing to bring back. */
    private @Nullable Target targetIfAny(Order order) {
        try {
            var target = context.findTarget(order.canary());
            if (target != null) {
                var _ = context.findPrimary(order.canary(), target);
            }
            return target;
        } catch (Refusal refusal) {
            if (refusal.outcome() == RouterOutcome.INVALID) {
                return null;
            }
            throw refusal;
        }
    }

    /** The target as it was promoted last. */
    private Change serving(Order order, Target target) {
        return new Change(
                target.object(),
                context.sides(order.canary())
                        .restored(order.canary(), target, primary(order, target)));
    }

    /** The primary; one that was lost as it was promoted last; null when neither is known. */
    private @Nullable ClusterObject primary(Order order, Target target) {
        var primary = context.findPrimary(order.canary(), target);
        return primary != null
                ? primary
                : context.sides(order.canary())
                        .lost(order.canary(), target)
                        .map(Change::desired)
                        .orElse(null);
    }

    /**
     * @param written what was written before
     */
    private void requireServing(Target target, List<ClusterObject> written) {
        var ref = target.object().ref();
        var kind = target.kind();
        var now = context.cluster().find(ref);
        if (now == null || kind.isComplete(now)) {
            return;
        }
        throw NotYet.shown(
                () -> {
                    var later = context.cluster().await(ref, kind::isComplete, context.patience());
                    return later == null || kind.isComplete(later);
                },
                ActionResult.writing(written),
                Refusal.retry(
                        "canary not ready during finalizing: waiting for rollout to finish: %d of %d updated replicas are available"
                                .formatted(kind.available(now), kind.desired(now))));
    }
}
