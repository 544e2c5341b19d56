package dev.serinus.router.route;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Cluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.ManagedBy;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.RouteObject.Decoration;
import dev.serinus.router.route.Router.Found;
import dev.serinus.router.route.Router.Live;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.ServiceProtocol;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Ability;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The route of one Canary: what its router wants, and around it what is the same on every mesh.
 * What was there before us is taken over once, with what it was like kept on it, and given back.
 */
public record CanaryRoute(Router router, Canary canary) {

    private static final Comparator<Split> MOST_FOR_THE_CANARY =
            Comparator.comparing(Split::canaryWeight)
                    .thenComparing(Split::mirrored)
                    .thenComparing(Split::copies, Comparator.nullsLast(Comparator.naturalOrder()));

    /** The user's objects that it depends on; they are never written. */
    public List<Ref> reads() {
        return router.reads(canary);
    }

    /** The objects that it is made of, in the order in which they are written. */
    public List<Ref> writes() {
        return router.writes(canary);
    }

    /**
     * Those that requests come in by, as they are deleted: the route, and what leads to it first.
     */
    public List<Ref> leading() {
        return parts().leading();
    }

    /** Those that the route leads to, or by, as they are deleted after it. */
    public List<Ref> behind() {
        return parts().behind();
    }

    private record Parts(List<Ref> leading, List<Ref> behind) {}

    private Parts parts() {
        var writes = writes();
        int route =
                routes().stream().mapToInt(writes::indexOf).filter(it -> it >= 0).min().orElse(0);
        return new Parts(
                writes.subList(route, writes.size()).reversed(),
                writes.subList(0, route).reversed());
    }

    /** All that is watched for a plan. */
    public Stream<Ref> objects() {
        return Stream.concat(reads().stream(), writes().stream());
    }

    /** All that has to be known for a plan. */
    public Stream<Ref> consulted() {
        return Stream.concat(objects(), router.consults(canary).stream());
    }

    /** The objects that show the split; none where there are no routes. */
    public List<Ref> routes() {
        return router.routes(canary);
    }

    /** Whether pods make the split, see {@link Router#sharesByPods}. */
    public boolean sharesByPods() {
        return router.sharesByPods();
    }

    /**
     * True when it is a copy of objects of the user's of which one is gone: nothing leads to the
     * canary then but the copy.
     */
    public boolean isWithoutSource(Live live) {
        return router.writesCopies() && reads().stream().anyMatch(ref -> live.find(ref) == null);
    }

    /**
     * What is to change where copies have all requests, since the user's object can share none with
     * them: they lead to the primary as long as that is so.
     */
    public List<Change> whileAlone(Live live) {
        return router.leavesTheRestToTheUsers() ? withoutCanary(live) : List.of();
    }

    /** The copies that were made for this Canary and serve nobody once it asks for none of them. */
    public List<Ref> copies(Live live) {
        return router.writesCopies()
                ? existing(live)
                        .filter(object -> object.isOwnedBy(canary))
                        .map(ClusterObject::ref)
                        .toList()
                : List.of();
    }

    /** Refuses the Canary by what is there, see {@link Router#check}. */
    public void check(Routing atRest, Found live) {
        router.check(atRest, live);
    }

    /**
     * Refuses a release by what is there, see {@link Router#checkRelease}, and gives what else is
     * wrong, in sentences.
     */
    public List<String> checkRelease(Routing atRest, Found live) {
        router.checkRelease(atRest, live);
        return router.warnings(atRest, live);
    }

    /** Refuses what the user brought and does not fit, see {@link Router#refuseMisfit}. */
    public void refuseMisfit(Routing routing, Live live) {
        router.refuseMisfit(inItsWeights(routing), live);
    }

    /** See {@link Router#unfit}. */
    public List<Router.Unfit> unfit(Routing atRest, ClusterObject target, Found given) {
        return router.unfit(atRest, target, given);
    }

    /** What will not hold, see {@link Router#lost}, or why that cannot be looked at. */
    public List<String> lost(Routing atRest, Found live) {
        try {
            return router.lost(atRest, live);
        } catch (Refusal unreadable) {
            return List.of(unreadable.because());
        }
    }

    /** Whether the routes are the user's own, see {@link Router#steersRoutesOfTheUser}. */
    public boolean isOfTheUser() {
        return router.steersRoutesOfTheUser();
    }

    /** Kinds among which are objects that it may have had in hand before. */
    public List<Kind> noted() {
        return router.noted();
    }

    /** Whether what is there decides if the Canary can be carried out at all. */
    public boolean dependsOnFound() {
        return !reads().isEmpty() || router.refusesFound();
    }

    /**
     * True when it leads to the canary; what somebody else made by its name, and nobody took over,
     * does not.
     */
    public boolean leadsToCanary(Live live) {
        return found(live)
                .filter(it -> it.isOwnedBy(canary) || RouteMetadata.isInHand(it))
                .flatMap(it -> router.shown(canary, it).stream())
                .anyMatch(Split::reachesCanary);
    }

    /**
     * True for a split that is for those alone who match the analysis where the manifest has no
     * conditions any more that the mesh could tell them by: by such a route everybody would be led.
     */
    public boolean tellsNobodyApart(Split split) {
        var spec = canary.getSpec();
        return split.matched()
                && split.reachesCanary()
                && !routes().isEmpty()
                && (Routing.match(canary).isEmpty()
                        || router.mesh().conditions().isEmpty()
                        || (router.mesh().can(Ability.TCP)
                                && ServiceProtocol.isTcp(spec.service())));
    }

    /** What is to change so that the mesh serves the split. */
    public List<Change> plan(Routing routing, Live live) {
        return plan(
                routing,
                live,
                refusal -> {
                    throw refusal;
                });
    }

    /**
     * The same for every object for which it can be told; of one that would lead everybody where
     * only some are to go there is none.
     *
     * @param refused is told why it cannot for another
     */
    public List<Change> plan(Routing routing, Live live, Consumer<Refusal> refused) {
        if (tellsNobodyApart(routing.split())) {
            throw Refusal.invalid(
                    "only who matches spec.analysis.match was to meet the canary, and the Canary has no conditions any more that %s can route by: everybody would"
                            .formatted(router.mesh().title()));
        }
        found(live)
                .filter(found -> !found.isOwnedBy(canary) && !RouteMetadata.isInHand(found))
                .forEach(found -> router.refuseUnfit(routing, found));
        List<Change> changes = new ArrayList<>();
        for (RouteObject wanted : router.wanted(inItsWeights(routing), live)) {
            try {
                changes.add(change(wanted, live.find(wanted.ref())));
            } catch (Refusal unusable) {
                refused.accept(unusable);
            }
        }
        return changes;
    }

    /** Admission refuses what is finer; a run may have begun on a mesh that has it. */
    private Routing inItsWeights(Routing routing) {
        var split =
                router.mesh().can(Ability.FINE_WEIGHTS)
                        ? routing.split()
                        : routing.split().inWholePercent();
        boolean named = router.mesh().can(Ability.BASELINE) && canary.hasBaseline();
        // The manifest may ask for no baseline any more while a run still has one.
        return routing.at(named ? split : split.beside(Weight.NONE));
    }

    /** Those that have to be there before the primary's first pod is. */
    public List<Ref> awaitedByPrimary() {
        return router.beforePrimary(canary);
    }

    /**
     * What is to change in the routes, as they stand, so that nothing of them leads to the canary
     * any more; nothing where there are none.
     */
    public List<Change> withoutCanary(Live live) {
        return found(live)
                .map(
                        route ->
                                new Change(
                                        route,
                                        leavesPrimary(route)
                                                ? route.edited(
                                                        router.withoutCanary(canary, route, live))
                                                : route))
                .toList();
    }

    private boolean leavesPrimary(ClusterObject route) {
        return router.shown(canary, route).filter(Split::leavesPrimary).isPresent();
    }

    /** What of it has to be there before the primary's first pod is. */
    public List<Change> beforePrimary(Routing routing, Live live) {
        return router.beforePrimary(canary).isEmpty()
                ? List.of()
                : beforePrimary(plan(routing, live));
    }

    /** The changes of a plan that have to be made before the primary's first pod is. */
    public List<Change> beforePrimary(List<Change> plan) {
        var needed = Set.copyOf(router.beforePrimary(canary));
        return plan.stream().filter(change -> needed.contains(change.ref())).toList();
    }

    /**
     * The split that it shows, of several routes that differ the one with the most for the canary;
     * empty when there is no route yet.
     */
    public Optional<Split> current(Live live) {
        return routes().isEmpty()
                ? Optional.of(Split.PRIMARY)
                : found(live)
                        .flatMap(route -> router.shown(canary, route).stream())
                        .max(MOST_FOR_THE_CANARY);
    }

    /** The cookies that it shows; empty when the Canary asks for none. */
    public Optional<Affinity.Shown> cookies(Live live) {
        return found(live).flatMap(route -> router.cookies(canary, route).stream()).findFirst();
    }

    /**
     * Whether the data plane has taken it as it is; yes where there is none.
     *
     * @param live as the routes are
     * @param looked what else is there
     */
    public Acceptance accepted(Live live, Found looked) {
        return found(live)
                .map(route -> router.accepted(route, looked))
                .filter(it -> !it.equals(Acceptance.TAKEN))
                .findFirst()
                .orElse(Acceptance.TAKEN);
    }

    /**
     * What the data plane may still serve otherwise, since it has not seen some route as it is now:
     * it says so itself. Empty when all was seen.
     */
    public Optional<String> unseen(Found live) {
        return found(live)
                .map(route -> router.accepted(route, live))
                .filter(it -> it.state() == Acceptance.State.UNSEEN)
                .map(Acceptance::because)
                .findFirst();
    }

    /**
     * Waits a moment for the data plane to take every route as it is.
     *
     * @param live as the routes were seen last
     * @param patience for each route
     * @return whether it did
     */
    public boolean awaitTaken(Live live, Cluster cluster, Duration patience)
            throws InterruptedException {
        for (Ref ref : routes()) {
            var seen = live.find(ref);
            if (seen == null || isTaken(seen, cluster)) {
                continue;
            }
            var later = cluster.await(ref, it -> isTaken(it, cluster), patience);
            if (later != null && !isTaken(later, cluster)) {
                return false;
            }
        }
        return true;
    }

    private boolean isTaken(ClusterObject route, Cluster cluster) {
        return router.accepted(route, Found.in(cluster)).equals(Acceptance.TAKEN);
    }

    /**
     * True for a change of a route to or from backends that its data plane learns of by it: then
     * {@link #naming} has something to say.
     */
    public boolean turns(Change change) {
        var live = change.live();
        if (live == null || !change.isEffective() || !isRoute(change.ref())) {
            return false;
        }
        return naming(live, change.desired()).isPresent()
                || naming(change.desired(), live).isPresent();
    }

    private boolean isRoute(Ref ref) {
        return routes().contains(ref) || router.noted().contains(ref.kind());
    }

    /**
     * What to change in the route so that it leads as the first one does and names the backends of
     * the other one besides.
     */
    public Optional<Consumer<Edit>> naming(ClusterObject leading, ClusterObject other) {
        return router.naming(canary, leading, other);
    }

    /**
     * What is to change so that the mesh is without us: what was there before as it was found, with
     * what its user has changed since; not what we made.
     */
    public List<Change> restored(Live live) {
        return existing(live)
                .filter(object -> !object.isOwnedBy(canary) && isInHand(object))
                .flatMap(
                        object ->
                                router
                                        .restored(canary, object)
                                        .map(found -> givenBack(object, found, live))
                                        .map(users -> new Change(object, users))
                                        .stream())
                .toList();
    }

    /** As it was found, where nobody noted more than that, or nothing can be made of it by now. */
    private ClusterObject givenBack(ClusterObject object, ClusterObject found, Live live) {
        if (object.annotation(RouteMetadata.ORIGINAL) == null || isOfTheUser()) {
            return found;
        }
        var split = router.shown(canary, object).orElse(Split.PRIMARY);
        var routing = new Routing(canary, split, 0, selectorLabel(object, found));
        List<Refusal> unread = new ArrayList<>();
        try {
            return router
                    .wanted(
                            inItsWeights(routing),
                            ref -> ref.isSameObject(object.ref()) ? null : find(ref, live, unread))
                    .stream()
                    .filter(wanted -> wanted.ref().isSameObject(object.ref()))
                    .findFirst()
                    .map(wanted -> GivenBack.of(canary).of(object, found, adopted(wanted, found)))
                    .orElse(found);
        } catch (Refusal unusable) {
            // All that somebody changed would be lost for a look that fails just now.
            if (unread.contains(unusable)) {
                throw unusable;
            }
            return found;
        }
    }

    private static @Nullable ClusterObject find(Ref ref, Live live, List<Refusal> unread) {
        try {
            return live.find(ref);
        } catch (Refusal trouble) {
            unread.add(trouble);
            throw trouble;
        }
    }

    /** The target, which tells it, may be gone. */
    private String selectorLabel(ClusterObject object, ClusterObject found) {
        return object.labels().entrySet().stream()
                .filter(it -> it.getValue().equals(canary.apex()))
                .map(Map.Entry::getKey)
                .filter(it -> !found.labels().containsKey(it))
                .findFirst()
                .orElse("");
    }

    /** Flagger does not note on all that it took over; who sees it sees the canary's sides. */
    private boolean isInHand(ClusterObject object) {
        return RouteMetadata.isInHand(object) || router.shown(canary, object).isPresent();
    }

    /**
     * What is to change so that a route that we made, and by which requests come in from outside,
     * leads to the apex: it stays as long as the target does, and with it what it needs.
     *
     * @param atRest with all traffic at the primary
     * @param live as the routes are
     * @param looked what else is there
     */
    public List<Change> left(ClusterObject target, Routing atRest, Live live, Found looked) {
        List<Change> routes = new ArrayList<>();
        found(live)
                .filter(route -> route.isOwnedBy(canary))
                .forEach(
                        route ->
                                router.leadingToApex(atRest, route, looked)
                                        .ifPresent(lead -> routes.add(left(route, lead, target))));
        if (routes.isEmpty()) {
            return List.of();
        }
        List<Change> changes = new ArrayList<>();
        var staying = router.stayingWith(atRest, looked);
        for (Ref ref : writes()) {
            var needed = live.find(ref);
            var edits = staying.get(ref);
            if (needed != null && edits != null && needed.isOwnedBy(canary)) {
                changes.add(left(needed, edits, target));
            }
        }
        changes.addAll(routes);
        return changes;
    }

    private static Change left(ClusterObject live, Consumer<Edit> edits, ClusterObject target) {
        return new Change(
                live,
                live.edited(
                        edit -> {
                            edits.accept(edit);
                            edit.withoutAnnotations(RouteMetadata::isNote).leftTo(target);
                        }));
    }

    private Change change(RouteObject wanted, @Nullable ClusterObject found) {
        if (found == null) {
            return new Change(
                    null,
                    ClusterObject.blank(wanted.ref())
                            .edited(
                                    edit -> {
                                        edit.ownedBy(canary);
                                        decorate(edit, wanted.decoration());
                                        wanted.made().accept(edit, null);
                                    }));
        }
        if (found.isOwnedBy(canary)) {
            var change =
                    new Change(
                            found,
                            found.edited(
                                    edit -> {
                                        if (wanted.decoration() != null) {
                                            edit.withoutLabels(key -> !key.equals(ManagedBy.LABEL));
                                        }
                                        decorate(edit, wanted.decoration());
                                        wanted.made().accept(edit, found);
                                    }));
            return saysWhoMadeIt(wanted.decoration()) ? change : ManagedBy.relabelled(change);
        }
        var noted = wanted.isTakenOver().test(found) ? found : noted(wanted, found);
        return new Change(found, adopted(wanted, noted));
    }

    private static ClusterObject adopted(RouteObject wanted, ClusterObject found) {
        return found.edited(
                edit -> {
                    decorate(edit, wanted.decoration());
                    wanted.adopted().accept(edit, found);
                });
    }

    /**
     * With what it is like without us: one that was in hand and leads to none of the sides any more
     * was written anew by its user.
     */
    private ClusterObject noted(RouteObject wanted, ClusterObject found) {
        if (found.annotation(RouteMetadata.ORIGINAL) == null) {
            var noted = found.edited(edit -> RouteMetadata.keepOriginal(found, edit));
            if (!RouteMetadata.fits(adopted(wanted, noted))) {
                throw Refusal.invalid(
                        "%s %s is too large: what it is like now has to be noted on it, so that it can be given back, and Kubernetes takes no more than 256 KiB of annotations; divide it, or give the Canary another spec.service.name"
                                .formatted(found.ref().kind().name(), found.ref().dotted()));
            }
            return noted;
        }
        var users = GivenBack.of(canary);
        var before = RouteMetadata.original(found);
        if (before.isEmpty() || users.leadsToSides(found.at("/spec"))) {
            return found;
        }
        var made = adopted(wanted, before.get());
        var renewed =
                found.edited(
                        edit ->
                                RouteMetadata.renewOriginal(
                                        users.of(found, before.get(), made), edit));
        return users.leadsToSides(made.at("/spec")) && RouteMetadata.fits(adopted(wanted, renewed))
                ? renewed
                : found;
    }

    /** True where the manifest gives that label itself. */
    private static boolean saysWhoMadeIt(@Nullable Decoration decoration) {
        return decoration != null && decoration.labels().containsKey(ManagedBy.LABEL);
    }

    private static void decorate(Edit edit, @Nullable Decoration decoration) {
        if (decoration != null) {
            edit.label(decoration.labels()).annotate(decoration.annotations());
        }
    }

    private Stream<ClusterObject> found(Live live) {
        return existing(routes(), live);
    }

    private Stream<ClusterObject> existing(Live live) {
        return existing(writes(), live);
    }

    private static Stream<ClusterObject> existing(List<Ref> refs, Live live) {
        return refs.stream().map(live::find).filter(Objects::nonNull);
    }
}
