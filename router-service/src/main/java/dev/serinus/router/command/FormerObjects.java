package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routers;
import dev.serinus.router.route.Split;
import dev.serinus.router.service.Services;
import dev.serinus.router.workload.Baseline;
import dev.serinus.router.workload.ReleaseTargets;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.targets.TargetKind;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What was made for a Canary, or was in hand for it, that has since asked for something else. It is
 * found by whose it is, so that it is found by whoever comes, and however long ago it was asked
 * for.
 *
 * @param sure whether the server is asked for what no watch shows; else it is left to whoever comes
 *     when the watch stands
 * @param listed what the server said of kinds that no watch shows
 */
public record FormerObjects(ActionContext context, boolean sure, Map<Kind, List<Ref>> listed) {

    /** What the watches show. */
    public FormerObjects(ActionContext context) {
        this(context, false, Map.of());
    }

    /**
     * All that there is: for who takes away pods that requests may go to still. What cannot be
     * asked for is refused.
     */
    static FormerObjects known(ActionContext context) {
        return new FormerObjects(context, true, new HashMap<>());
    }

    private boolean isSought(Canary canary, Kind kind) {
        return context.cluster().isWatched(kind)
                || (sure
                        && (asked(canary).stream().map(Ref::kind).anyMatch(kind::equals)
                                || context.routers().searched(canary).contains(kind)));
    }

    private List<Ref> madeFor(Canary canary, Kind kind) {
        if (!sure || context.cluster().isWatched(kind)) {
            return context.cluster().madeFor(canary, kind);
        }
        // Several routers may have the same kind.
        var known = listed.get(kind);
        var refs = known == null ? list(canary, kind) : known;
        listed.put(kind, refs);
        return refs;
    }

    private List<Ref> list(Canary canary, Kind kind) {
        try {
            return context.cluster().madeFor(canary, kind);
        } catch (Refusal unreadable) {
            if (unreadable.isUnseen()) {
                throw unreadable;
            }
            throw Refusal.retry(
                    "%s; so it is not known whether some %s of a mesh that %s.%s had before still leads requests to pods that are to go: give the router the right to list them, or, where there are none, take that mesh out of the annotation %s of the Canary"
                            .formatted(
                                    unreadable.because(),
                                    kind.name(),
                                    canary.apex(),
                                    canary.getMetadata().getNamespace(),
                                    Routers.PROVIDERS));
        }
    }

    /** Copies of users' objects: they lead requests until they are deleted. */
    public List<ClusterObject> copies(Canary canary) {
        return of(canary, Router::writesCopies);
    }

    private List<Ref> deleteCopies(Canary canary) {
        var refs = copies(canary).stream().map(ClusterObject::ref).toList();
        refs.forEach(ref -> context.deleteLeading(canary, ref));
        return refs;
    }

    /** What a route led to before, and none does any more once the present one is written. */
    public List<ClusterObject> unused(Canary canary) {
        return Stream.concat(
                        of(canary, router -> !router.writesCopies()).stream(),
                        baselines(canary).map(context.cluster()::find).filter(Objects::nonNull))
                .filter(object -> object.isOwnedBy(canary))
                .toList();
    }

    /**
     * The Service of a baseline that is asked for no more, and the pods of one for a target that
     * the Canary had before: the Service selects others by now, and the next run has its own.
     */
    private Stream<Ref> baselines(Canary canary) {
        if (!ReleaseTargets.of(canary.getSpec().targetRef()).target().hasPods()) {
            return Stream.of();
        }
        var service =
                canary.hasBaseline() ? Stream.<Ref>of() : Stream.of(Services.baseline(canary));
        var own = Baseline.ref(canary);
        return Stream.concat(
                service,
                Stream.of(Kind.DEPLOYMENT)
                        .filter(context.cluster()::isWatched)
                        .flatMap(kind -> context.cluster().madeFor(canary, kind).stream())
                        .filter(Baseline::isNamedSo)
                        .filter(ref -> !ref.isSameObject(own)));
    }

    /** Deletes such objects and gives their names. */
    public List<Ref> delete(List<ClusterObject> objects) {
        var refs = objects.stream().map(ClusterObject::ref).toList();
        refs.forEach(context.cluster()::delete);
        return refs;
    }

    /**
     * What is the user's own, was in hand for the Canary, and is asked for no more: by whose note
     * it carries.
     *
     * @param router whose note it is
     */
    public record Steered(Router router, ClusterObject live) {}

    /** All such objects. */
    public List<Steered> steered(Canary canary) {
        List<Steered> steered = new ArrayList<>();
        Set<Ref> seen = new HashSet<>();
        var asked = asked(canary);
        for (Router router : context.routers().all()) {
            noted(canary, asked, router)
                    .filter(seen::add)
                    .map(context.cluster()::find)
                    .filter(Objects::nonNull)
                    .filter(route -> isSteeredBy(canary, route))
                    .filter(route -> router.unsteered(route).isPresent())
                    .forEach(route -> steered.add(new Steered(router, route)));
        }
        return steered;
    }

    /** One that is asked for still may be noted for a name that the apex had before. */
    private Stream<Ref> noted(Canary canary, List<Ref> asked, Router router) {
        // Right after a start nothing is watched yet, and a Canary that goes is asked for once.
        var own = asked.stream().map(Ref::kind).toList();
        var kinds =
                router.noted().stream()
                        .filter(it -> own.contains(it) || isSought(canary, it))
                        .toList();
        return Stream.concat(
                notAsked(canary, asked, kinds.stream()),
                asked.stream()
                        .filter(ref -> kinds.contains(ref.kind()))
                        .filter(ref -> isSteeredForAFormerName(canary, ref)));
    }

    private boolean isSteeredForAFormerName(Canary canary, Ref ref) {
        return Optional.ofNullable(context.cluster().find(ref))
                .flatMap(ClusterObject::steeredFor)
                .filter(apex -> !apex.equals(canary.apex()))
                .isPresent();
    }

    /** For its apex, or for one that it had before. */
    private static boolean isSteeredBy(Canary canary, ClusterObject route) {
        String by = route.annotation(TargetKind.RELEASED_BY);
        return by != null
                ? by.equals(canary.getMetadata().getName())
                : route.steeredFor().filter(canary.apex()::equals).isPresent()
                        || route.mark()
                                .filter(it -> it.isOf(canary.getMetadata().getUid()))
                                .isPresent();
    }

    /**
     * What was made, or taken over whole, for routes by another name or on another mesh.
     *
     * @param sought which kinds are looked at
     */
    private List<FormerRoute> whole(Canary canary, Predicate<Kind> sought) {
        List<FormerRoute> whole = new ArrayList<>();
        var asked = asked(canary);
        for (Router router : context.routers().all()) {
            if (router.writesCopies() || !router.noted().isEmpty()) {
                continue;
            }
            notAsked(canary, asked, router.mesh().writes().stream().filter(sought))
                    .filter(ref -> whole.stream().noneMatch(it -> it.ref().isSameObject(ref)))
                    .map(context.cluster()::find)
                    .filter(Objects::nonNull)
                    .filter(object -> isInHand(canary, object))
                    .forEach(object -> whole.add(FormerRoute.of(router, canary, object)));
        }
        return whole;
    }

    private List<FormerRoute> whole(Canary canary) {
        return whole(canary, kind -> isSought(canary, kind));
    }

    /** The same for a Canary that goes, of which perhaps nothing was watched since a start. */
    private List<FormerRoute> wholeAtLast(Canary canary) {
        var own = asked(canary).stream().map(Ref::kind).toList();
        return whole(canary, kind -> own.contains(kind) || isSought(canary, kind));
    }

    /** What was taken over has no owner, but the step that wrote it last. */
    private static boolean isInHand(Canary canary, ClusterObject object) {
        return object.isOwnedBy(canary)
                || (object.controllingCanary().isEmpty()
                        && object.mark()
                                .filter(it -> !it.canary().isEmpty())
                                .filter(it -> it.isOf(canary.getMetadata().getUid()))
                                .isPresent());
    }

    /** Those that cannot stay as they are: see {@link #leave}. */
    public List<FormerRoute> leaving(Canary canary) {
        var now = context.routers().find(canary);
        return whole(canary).stream()
                .filter(it -> it.leavesPrimary() || now.filter(it::isReplacedBy).isPresent())
                .toList();
    }

    /**
     * Leads routes that the Canary asks for no more to the primary: the target's pods will go, and
     * nobody asks whether those still send them requests. The rest of them stays, as in Flagger.
     * One in the place of which the Canary names some of the user's own is given back, as when the
     * Canary goes: both of its sides go with it, and nobody looks after it then.
     *
     * @param refused is told why one cannot be left; it stops no other
     */
    public Turning.Turned leave(
            Canary canary, List<FormerRoute> leaving, Target target, Consumer<Refusal> refused) {
        var now = context.routers().find(canary);
        var left = Turning.Turned.NOTHING;
        for (FormerRoute former : leaving) {
            var changes =
                    now.filter(former::isReplacedBy).isPresent()
                            ? former.given(target, Router.Found.in(context.cluster()))
                            : List.of(former.withoutCanary());
            left =
                    left.and(
                            new Turning(context, former.route())
                                    .writeEach(
                                            changes,
                                            Turning.Noted.AS_FOUND,
                                            some -> context.repair(canary, some),
                                            refused));
        }
        return left;
    }

    /**
     * What is to change in objects of a former name, which stay, so that they take nothing from
     * those in their place.
     */
    public List<Change> retired(Canary canary) {
        var now = context.routers().find(canary).map(CanaryRoute::router).orElse(null);
        return whole(canary).stream()
                .filter(former -> former.route().router().equals(now))
                .map(FormerRoute::live)
                .flatMap(
                        live ->
                                Optional.ofNullable(now)
                                        .flatMap(it -> it.retired(live))
                                        .map(edits -> new Change(live, live.edited(edits)))
                                        .stream())
                .toList();
    }

    /** What is to change so that all that was taken over whole is as it was found. */
    List<Change> restored(Canary canary) {
        return wholeAtLast(canary).stream()
                .filter(it -> !it.live().isOwnedBy(canary))
                .flatMap(it -> it.restored().stream())
                .toList();
    }

    /**
     * What was made for routes that were asked for before.
     *
     * @param leading those that requests come in by, or those that they are led to
     */
    List<Ref> made(Canary canary, boolean leading) {
        return wholeAtLast(canary).stream()
                .filter(it -> it.isRoute() == leading)
                .map(FormerRoute::ref)
                .toList();
    }

    /**
     * Deletes the copies, and takes from what was steered or is a route by another name what the
     * canary has of it, in one write each. Whoever repairs gives it back, for which there is time
     * then.
     *
     * @return what was written
     */
    List<ClusterObject> withdraw(Canary canary) {
        var _ = deleteCopies(canary);
        List<Change> withdrawn = new ArrayList<>();
        for (Steered former : steered(canary)) {
            if (split(former.live()).filter(Split::leavesPrimary).isPresent()) {
                former.router()
                        .withdrawn(former.live())
                        .ifPresent(route -> withdrawn.add(new Change(former.live(), route)));
            }
        }
        var reaching = whole(canary).stream().filter(FormerRoute::leavesPrimary).toList();
        if (!reaching.isEmpty() && isPrimaryServing(canary)) {
            reaching.stream().map(FormerRoute::withoutCanary).forEach(withdrawn::add);
        }
        return context.repair(canary, withdrawn);
    }

    /**
     * Leads copies to the primary whose shares would add up with the present one's, before that is
     * written.
     *
     * @return what was written
     */
    public List<ClusterObject> withdrawAdding(Canary canary) {
        List<Change> withdrawn = new ArrayList<>();
        for (ClusterObject copy : copies(canary)) {
            context.routers().all().stream()
                    .filter(Router::leavesTheRestToTheUsers)
                    .filter(it -> it.discards().contains(copy.ref().kind()))
                    .filter(it -> it.shown(copy).filter(Split::reachesCanary).isPresent())
                    .findFirst()
                    .map(it -> new Change(copy, copy.edited(it.withoutCanary(canary, copy))))
                    .ifPresent(withdrawn::add);
        }
        return context.repair(canary, withdrawn);
    }

    private boolean isPrimaryServing(Canary canary) {
        var kind = ReleaseTargets.of(canary.getSpec().targetRef());
        return kind.primary(canary, context.cluster()::find)
                        .map(context.cluster()::find)
                        .filter(it -> kind.available(it) > 0)
                        .isPresent()
                || isFormerPrimaryServing(canary);
    }

    private boolean isFormerPrimaryServing(Canary canary) {
        var former = new FormerTarget(context, canary);
        return former.isLedTo() && former.isPrimaryServing();
    }

    /**
     * Deletes the copies and gives back what was steered, each route in as many writes as its data
     * plane needs. One that cannot be given back stops no other.
     *
     * @param deleted is told the name of each copy
     * @param refused is told why one cannot
     * @return what was written
     */
    public Turning.Turned letGo(Canary canary, Consumer<Ref> deleted, Consumer<Refusal> refused) {
        deleteCopies(canary).forEach(deleted);
        return givenBack(canary, steered(canary), refused);
    }

    /**
     * Gives back what was the target before: nothing that is asked for now takes its place, so that
     * nothing has to be there first.
     */
    public Turning.Turned letGoTargets(Canary canary, Consumer<Refusal> refused) {
        return givenBack(
                canary,
                steered(canary).stream()
                        .filter(it -> ReleaseTargets.of(it.live().ref().kind()).isPresent())
                        .toList(),
                refused);
    }

    private Turning.Turned givenBack(
            Canary canary, List<Steered> former, Consumer<Refusal> refused) {
        var given = Turning.Turned.NOTHING;
        var routers = former.stream().map(Steered::router).distinct().toList();
        for (Router router : routers) {
            var turning = new Turning(context, new CanaryRoute(router, canary));
            var changes =
                    former.stream()
                            .filter(it -> it.router().equals(router))
                            .map(Steered::live)
                            .map(it -> new Change(it, router.unsteered(it).orElse(it)))
                            .toList();
            given =
                    given.and(
                            turning.writeEach(
                                    changes,
                                    Turning.Noted.AS_FOUND,
                                    some -> context.repair(canary, some),
                                    refused));
        }
        return given;
    }

    /** Names all that is still there, and so may lead requests to the canary. */
    List<Ref> names(Canary canary) {
        return all(canary).map(ClusterObject::ref).toList();
    }

    private Stream<ClusterObject> all(Canary canary) {
        return Stream.of(
                        copies(canary).stream(),
                        steered(canary).stream().map(Steered::live),
                        whole(canary).stream().map(FormerRoute::live))
                .flatMap(Function.identity());
    }

    /**
     * The one of what is still there that most requests reach the canary by, or the baseline alone.
     */
    public Optional<ClusterObject> leading(Canary canary) {
        return all(canary)
                .filter(it -> split(it).filter(Split::leavesPrimary).isPresent())
                .max(Comparator.comparing(this::weight));
    }

    /** The split that a copy shows, or a route that was steered. */
    public Optional<Split> split(ClusterObject former) {
        return context.routers().all().stream()
                .flatMap(router -> router.shownBySteered(former).stream())
                .findFirst()
                .or(() -> context.routers().shown(former));
    }

    private Weight weight(ClusterObject copy) {
        return split(copy).map(Split::canaryWeight).orElse(Weight.NONE);
    }

    private List<Ref> asked(Canary canary) {
        return context.routers().find(canary).map(CanaryRoute::writes).orElseGet(List::of);
    }

    /** The names of what may be the Canary's, of these kinds, and is asked for no more. */
    private Stream<Ref> notAsked(Canary canary, List<Ref> asked, Stream<Kind> kinds) {
        return kinds.flatMap(kind -> madeFor(canary, kind).stream())
                .filter(ref -> asked.stream().noneMatch(ref::isSameObject));
    }

    private List<ClusterObject> of(Canary canary, Predicate<Router> wanted) {
        var route = context.routers().find(canary);
        var asked = route.map(CanaryRoute::writes).orElseGet(List::of);
        Set<Ref> former = new LinkedHashSet<>();
        for (Router router : context.routers().all()) {
            boolean own = route.filter(it -> it.router().equals(router)).isPresent();
            if (wanted.test(router) && (own || router.writesCopies())) {
                notAsked(
                                canary,
                                asked,
                                router.discards().stream()
                                        .filter(kind -> own || isSought(canary, kind)))
                        .filter(ref -> router.isDiscarded(canary, ref))
                        .forEach(former::add);
            }
        }
        return former.stream()
                .map(context.cluster()::find)
                .filter(Objects::nonNull)
                .filter(object -> object.isOwnedBy(canary))
                .toList();
    }
}
