package dev.serinus.router.command;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Changes;
import dev.serinus.router.objects.Cluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.ContestedObjects;
import dev.serinus.router.objects.KeptFields;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.objects.Serving;
import dev.serinus.router.objects.UsersObjects;
import dev.serinus.router.release.ReleasedBy;
import dev.serinus.router.release.Releases;
import dev.serinus.router.release.Sides;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routers;
import dev.serinus.router.scaler.Scalers;
import dev.serinus.router.service.Services;
import dev.serinus.router.workload.Primaries;
import dev.serinus.router.workload.ReleaseTargets;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What the actions work with.
 *
 * @param claims settled before anything is carried out
 * @param contested who else writes what decides where traffic goes
 * @param patience how long an answer is held back for what the cluster is about to show
 * @param recent when routes were written last
 * @param turns routes that are on their way to other backends
 * @param kept what the cluster keeps of what is written
 * @param users what warnings look at
 */
public record ActionContext(
        Cluster cluster,
        Services services,
        Primaries primaries,
        Releases releases,
        Scalers scalers,
        Routers routers,
        Installation installation,
        Claims claims,
        ContestedObjects contested,
        Duration patience,
        InstantSource clock,
        RecentWrites recent,
        OpenTurns turns,
        KeptFields kept,
        UsersObjects users) {

    /** All of it for one cluster. */
    public static ActionContext of(
            Cluster cluster, Installation installation, Claims claims, Duration patience) {
        return of(
                cluster,
                installation,
                new Routers(installation),
                claims,
                patience,
                new RecentWrites(patience, InstantSource.system(), Thread::sleep));
    }

    /** The same with other meshes than those that are served. */
    public static ActionContext of(
            Cluster cluster,
            Installation installation,
            Routers routers,
            Claims claims,
            Duration patience,
            RecentWrites recent) {
        var services = new Services(cluster, InstantSource.system());
        var primaries = new Primaries(cluster, installation);
        return new ActionContext(
                cluster,
                services,
                primaries,
                new Releases(cluster, installation, services, primaries),
                new Scalers(cluster),
                routers,
                installation,
                claims,
                new ContestedObjects(InstantSource.system()),
                patience,
                InstantSource.system(),
                recent,
                new OpenTurns(),
                new KeptFields(cluster),
                new UsersObjects(Router.Found.in(cluster)::all, InstantSource.system()));
    }

    /** The target as it is now; without one nothing can be done. */
    public Target target(Canary canary) {
        var target = findTarget(canary);
        if (target == null) {
            throw Refusal.missing(ReleaseTargets.of(canary.getSpec().targetRef()).named(canary));
        }
        return target;
    }

    /** The target as it is now; null when it does not exist. One of another Canary's is refused. */
    @Nullable Target findTarget(Canary canary) {
        var kind = ReleaseTargets.of(canary.getSpec().targetRef());
        var found = cluster.find(kind.named(canary));
        if (found == null) {
            return null;
        }
        sides(canary).refuseShared(canary, found);
        var labels = installation.selectorLabels();
        var primary =
                Target.isTold(found, labels)
                        ? null
                        : kind.primary(canary, cluster::find).map(cluster::find).orElse(null);
        return Target.of(found, kind, primary, labels, cluster::find);
    }

    /**
     * The primary as it is now; null when it does not exist. One of another Canary's is refused:
     * both would scale, route and promote the same target.
     */
    public @Nullable ClusterObject findPrimary(Canary canary, Target target) {
        var primary = target.kind().primary(canary, cluster::find).map(cluster::find).orElse(null);
        if (primary != null && !primary.isOwnedBy(canary)) {
            primary.controllingCanary()
                    .ifPresent(
                            other -> {
                                throw ReleasedBy.refusal(
                                        target.kind().kind().name().toLowerCase(Locale.ROOT),
                                        target.object().ref(),
                                        other);
                            });
        }
        return primary;
    }

    /** The two sides of what a Canary releases. */
    public Sides sides(Canary canary) {
        return releases.of(canary);
    }

    /**
     * What was found already, as it was then; all else that a plan looks at is as it is now.
     *
     * @param found null for what does not exist
     */
    public Router.Live seen(Map<Ref, @Nullable ClusterObject> found) {
        return ref -> found.containsKey(ref) ? found.get(ref) : cluster.find(ref);
    }

    CanaryRoute route(Order order) {
        return routers.of(order.canary());
    }

    /**
     * Writes what differs, unless an object is a later step's or another Canary's. Before the first
     * write the Canary is held: one that is not could go at any time, or be another installation's.
     */
    List<ClusterObject> apply(Order order, Target target, List<Change> changes) {
        return apply(order, kept(order.canary(), target, changes));
    }

    /** The same for what is there and keeps its owners. */
    List<ClusterObject> apply(Order order, List<Change> wanted) {
        return apply(
                order,
                wanted,
                refusal -> {
                    throw refusal;
                });
    }

    /**
     * The same, but what cannot be written, or is another Canary's, stops no other.
     *
     * @param refused is told why one could not be written
     */
    List<ClusterObject> apply(Order order, List<Change> wanted, Consumer<Refusal> refused) {
        if (wanted.isEmpty()) {
            return List.of();
        }
        List<Change> own = new ArrayList<>();
        for (Change change : wanted) {
            foreign(order.canary(), change)
                    .or(() -> kept.refused(change, younger(order.canary(), change.ref())))
                    .ifPresentOrElse(refused, () -> own.add(change));
        }
        Changes.refuseStale(order.mark(), own);
        if (!order.held() && !own.isEmpty()) {
            new Hold(this).take(order.canary());
        }
        return writing(
                order.canary(), own, () -> new Changes(cluster).apply(order.mark(), own, refused));
    }

    /**
     * Refuses what could not be written, as far as anybody can tell before: the server is asked
     * about each change, and keeps none.
     */
    void refuseUnwritable(Order order, Target target, List<Change> changes) {
        var wanted = kept(order.canary(), target, changes);
        refuseForeign(order.canary(), wanted);
        Changes.refuseStale(order.mark(), wanted);
        for (Change change : wanted) {
            if (change.isEffective()) {
                cluster.refusing(change.desired())
                        .ifPresent(
                                refusal -> {
                                    throw refusal;
                                });
            }
        }
    }

    /** Writes what differs and leaves the marks as they are. */
    public List<ClusterObject> repair(Canary canary, List<Change> changes) {
        for (Change change : changes) {
            kept.refused(change, younger(canary, change.ref()))
                    .ifPresent(
                            refusal -> {
                                throw refusal;
                            });
        }
        return writing(canary, changes, () -> new Changes(cluster).repair(changes));
    }

    /** Some may be written though others cannot be. */
    private List<ClusterObject> writing(
            Canary canary, List<Change> changes, Supplier<List<ClusterObject>> write) {
        List<ClusterObject> written = List.of();
        try {
            written = write.get();
            undoLost(canary, changes, written);
            return written;
        } finally {
            for (Change change : changes) {
                if (change.isEffective() && leads(canary, change.ref())) {
                    tell(canary, change, written);
                }
            }
        }
    }

    /** An answer that leads requests where they were led before holds nobody up. */
    private void tell(Canary canary, Change change, List<ClusterObject> written) {
        var before = change.live();
        var answer =
                written.stream()
                        .filter(it -> it.ref().equals(change.ref()))
                        .reduce((_, later) -> later);
        if (answer.isPresent()
                && before != null
                && Serving.of(answer.get()).equals(Serving.of(before))) {
            recent.found(canary, change.ref(), answer.get(), follows(canary));
        } else {
            recent.wrote(
                    canary,
                    answer.orElseGet(change::desired),
                    answer.map(ClusterObject::resourceVersion).orElse(""),
                    follows(canary));
        }
    }

    /** What could not be tried before, or whose definition has changed since. */
    private void undoLost(Canary canary, List<Change> changes, List<ClusterObject> written) {
        for (ClusterObject object : written) {
            var change =
                    changes.stream()
                            .filter(it -> it.ref().equals(object.ref()))
                            .findFirst()
                            .orElseThrow();
            services.wrote(change.desired(), object);
            kept.lost(change.desired(), object, younger(canary, object.ref()))
                    .ifPresent(
                            lost -> {
                                undo(change, object);
                                throw lost;
                            });
        }
    }

    private void undo(Change change, ClusterObject written) {
        var before = change.live();
        if (before == null) {
            cluster.delete(written.ref());
        } else {
            var _ =
                    cluster.replace(
                            before.edited(
                                    it ->
                                            it.metadata()
                                                    .put(
                                                            "resourceVersion",
                                                            written.resourceVersion())));
        }
    }

    /** Of the mesh that an object is a route of. */
    private Map<String, String> younger(Canary canary, Ref ref) {
        return routers.find(canary).map(CanaryRoute::router).stream()
                .filter(
                        it ->
                                it.mesh().writes().contains(ref.kind())
                                        || it.mesh().steers().contains(ref.kind()))
                .findFirst()
                .map(Router::younger)
                .orElse(Map.of());
    }

    /** Deletes what was made for the Canary and requests come in by. */
    public void deleteLeading(Canary canary, Ref ref) {
        try {
            cluster.delete(ref);
        } finally {
            recent.deleted(canary, ref, follows(canary));
        }
    }

    /** True for what says where requests go: a part of some mesh's route, or the apex Service. */
    private boolean leads(Canary canary, Ref ref) {
        return ref.equals(Services.apex(canary)) || routers.lead(ref.kind());
    }

    /**
     * An object of a Canary was seen, perhaps as somebody else has written it.
     *
     * @param serving where it leads requests
     * @param version as which it was seen
     */
    public void observed(Canary canary, Ref ref, String serving, String version) {
        if (ref.kind().equals(Kind.SERVICE) || routers.lead(ref.kind())) {
            recent.observed(canary.getMetadata().getUid(), ref, serving, version, follows(canary));
        }
    }

    /** How long the data plane of a Canary may take to follow, where its mesh says more. */
    private Duration follows(Canary canary) {
        return routers.find(canary)
                .map(it -> it.router().mesh().followsWithin())
                .orElse(Duration.ZERO);
    }

    /** What is left of the time that data planes have to follow what was written last. */
    Optional<RecentWrites.Rest> rest(Canary canary) {
        return recent.rest(canary, follows(canary));
    }

    /** The same of one object alone. */
    Optional<RecentWrites.Rest> rest(Canary canary, Ref ref) {
        return recent.rest(canary, ref, follows(canary));
    }

    /** Waits until data planes had time to follow what was written last. */
    public void awaitFollowed(Canary canary) throws InterruptedException {
        recent.await(canary, follows(canary));
    }

    /**
     * Goes on only when data planes had time to follow what leads requests, as it is now: before
     * that no pods are taken away that requests may go to still.
     *
     * @param done what of the order is done
     */
    void requireFollowed(Order order, ActionResult done) {
        requireTime(order, done);
        var canary = order.canary();
        var leading =
                Stream.concat(
                        Stream.of(Services.apex(canary)),
                        routers.find(canary).stream().flatMap(it -> it.routes().stream()));
        leading.forEach(ref -> recent.found(canary, ref, cluster.find(ref), follows(canary)));
        refuseBefore(rest(canary), order, done);
    }

    /**
     * The same by what is remembered alone, so that nobody is asked for what has to wait anyway.
     */
    void requireTime(Order order, ActionResult done) {
        if (recent.knows(order.canary())) {
            refuseBefore(rest(order.canary()), order, done);
        }
    }

    private static void refuseBefore(
            Optional<RecentWrites.Rest> open, Order order, ActionResult done) {
        open.ifPresent(
                rest -> {
                    throw new NotYet(
                            new NotYet.Wait.BeforePodsGo(rest.left()),
                            done,
                            "what leads requests of %s.%s was written a moment ago: data planes have until %s to follow, and no pods go before"
                                    .formatted(
                                            order.canary().apex(),
                                            order.namespace(),
                                            rest.until().truncatedTo(ChronoUnit.SECONDS)));
                });
    }

    /**
     * The same changes, but what is made for the Canary has the target as an owner beside it:
     * nothing that serves goes with a Canary before its successor serves, whatever the cascade.
     * What was promoted last is kept for this Canary only.
     */
    public static List<Change> kept(Canary canary, Target target, List<Change> changes) {
        return changes.stream()
                .map(
                        change ->
                                change.ref().kind().equals(Kind.CONTROLLER_REVISION)
                                                || !change.desired().isOwnedBy(canary)
                                        ? change
                                        : new Change(
                                                change.live(),
                                                change.desired()
                                                        .edited(
                                                                edit ->
                                                                        edit.ownedBy(canary)
                                                                                .keptBy(
                                                                                        target
                                                                                                .object()))))
                .toList();
    }

    /** Two Canaries over one object would undo each other for ever. */
    public static void refuseForeign(Canary canary, List<Change> changes) {
        for (Change change : changes) {
            foreign(canary, change)
                    .ifPresent(
                            refusal -> {
                                throw refusal;
                            });
        }
    }

    /** What there is to say of a change of another Canary's object; empty for all others. */
    public static Optional<Refusal> foreign(Canary canary, Change change) {
        var live = change.live();
        boolean shared =
                change.ref().kind().equals(Kind.CONFIG_MAP)
                        || change.ref().kind().equals(Kind.SECRET);
        if (live == null || shared || !change.isEffective() || live.isOwnedBy(canary)) {
            return Optional.empty();
        }
        return live.controllingCanary()
                .map(
                        other ->
                                Refusal.invalid(
                                        "%s belongs to Canary %s; give one of both another %s"
                                                .formatted(change.ref(), other, nameOf(change))));
    }

    /** What of a manifest names an object. */
    private static String nameOf(Change change) {
        String group = change.ref().kind().group();
        return group.isEmpty() || group.equals(Kind.DEPLOYMENT.group())
                ? "spec.service.name"
                : "spec.service.name, or a route (spec.ingressRef, spec.routeRef) of its own";
    }
}
