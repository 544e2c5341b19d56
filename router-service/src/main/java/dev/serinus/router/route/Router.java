package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.router.objects.Cluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.UsersObjects;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Mesh;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Steers traffic between a canary's primary and canary services on one kind of mesh or ingress. It
 * only computes: what is the same for all (owners, labels, what was there before, reading, writing)
 * is done around it, by {@link CanaryRoute}. With the same arguments it always gives the same, so
 * that repeating it changes nothing more.
 */
public interface Router {

    /** How the objects of the cluster are now; null when one does not exist. */
    @FunctionalInterface
    interface Live {
        @Nullable ClusterObject find(Ref ref);
    }

    /** The same, and objects whose names are not known. */
    interface Found extends Live {

        /** All objects of a kind in a namespace, or where that is empty in the whole cluster. */
        List<ClusterObject> all(Kind kind, String namespace);

        /** Those of them that were made for no Canary; for warnings, so seconds old at times. */
        default List<ClusterObject> ofUsers(Kind kind, String namespace) {
            return UsersObjects.among(all(kind, namespace));
        }

        /** Whatever is asked for, the API server or a watch is. */
        static Found in(Cluster cluster) {
            return new Found() {
                @Override
                public @Nullable ClusterObject find(Ref ref) {
                    return cluster.find(ref);
                }

                @Override
                public List<ClusterObject> all(Kind kind, String namespace) {
                    return cluster.list(kind, namespace, Map.of());
                }
            };
        }

        /** The same, with users' objects as they were read for others. */
        default Found with(UsersObjects users) {
            var exact = this;
            return new Found() {
                @Override
                public @Nullable ClusterObject find(Ref ref) {
                    return exact.find(ref);
                }

                @Override
                public List<ClusterObject> all(Kind kind, String namespace) {
                    return exact.all(kind, namespace);
                }

                @Override
                public List<ClusterObject> ofUsers(Kind kind, String namespace) {
                    return users.of(kind, namespace);
                }
            };
        }
    }

    /** What it serves, and what that can do. */
    Mesh mesh();

    /** True for a Canary that asks for this mesh, if it is this router's. */
    default boolean serves(Canary canary, Mesh asked) {
        return mesh().equals(asked);
    }

    /** The user's objects that are looked at and never written, of the kinds the mesh reads. */
    default List<Ref> reads(Canary canary) {
        return List.of();
    }

    /**
     * The objects that routing needs, in the order in which they are written; where nothing else is
     * said, the route alone.
     */
    default List<Ref> writes(Canary canary) {
        return routes(canary);
    }

    /**
     * Those of them that show the split, all the same one; none on a mesh without routes, where all
     * traffic goes to the primary.
     */
    List<Ref> routes(Canary canary);

    /** Those of them that have to be there before the primary's first pod is. */
    default List<Ref> beforePrimary(Canary canary) {
        return List.of();
    }

    /**
     * How each of them has to be, so that the mesh serves the split. A manifest that cannot be
     * carried out is refused as invalid, in Flagger's words where it has them.
     *
     * @param live of what is read and of what is written
     */
    List<RouteObject> wanted(Routing routing, Live live);

    /**
     * True where the split is that of the pods that one Service selects: then the canary has
     * exactly as many as its share needs beside the primary's, and who changes that changes the
     * split.
     */
    default boolean sharesByPods() {
        return false;
    }

    /**
     * True when what is written are copies of objects of the user's, which serve without them: a
     * copy that the Canary asks for no more, or whose user's object is gone, is deleted.
     */
    default boolean writesCopies() {
        return false;
    }

    /**
     * True when a copy has its share beside the user's own object, which has the rest: two copies
     * add up, and one that is alone has everything.
     */
    default boolean leavesTheRestToTheUsers() {
        return false;
    }

    /**
     * Kinds of which an object is deleted that was made for a Canary and that it asks for no more:
     * by what it asks for now, everybody is served.
     */
    default List<Kind> discards() {
        return List.of();
    }

    /** False for an object of one of these kinds that something needs which stays. */
    default boolean isDiscarded(Canary canary, Ref made) {
        return true;
    }

    /**
     * True when what somebody else made by the name of one of ours may be refused: then it is
     * looked at before anything is made.
     */
    default boolean refusesFound() {
        return false;
    }

    /**
     * Refuses what somebody else made by the name of the route, where ours would take the place of
     * something else. Is asked before that is taken over, and not again once it is.
     */
    default void refuseUnfit(Routing routing, ClusterObject found) {}

    /**
     * Refuses a Canary for want of what the user has to bring, or since what is made for it would
     * harm what is there, before anything is made. Later on, what is missing stands in the way of
     * nothing but more traffic to the canary.
     *
     * @param atRest with all traffic at the primary
     */
    default void check(Routing atRest, Found live) {}

    /**
     * The same of what may have changed since then, before the pods of a release are started.
     *
     * @param atRest with all traffic at the primary
     */
    default void checkRelease(Routing atRest, Found live) {}

    /**
     * An object of a user's with which the router would refuse a Canary.
     *
     * @param path of its field
     */
    record Unfit(ClusterObject object, String path, String words) {}

    /**
     * What {@link #check} and {@link #checkRelease} would refuse, of objects that stand in files
     * beside a Canary.
     *
     * @param target the Canary's, one of them
     */
    default List<Unfit> unfit(Routing atRest, ClusterObject target, Found given) {
        return List.of();
    }

    /** What is wrong by then and stands in the way of no release, in sentences. */
    default List<String> warnings(Routing atRest, Found live) {
        return List.of();
    }

    /**
     * Refuses a route that the user brought and that leads elsewhere than to what is made for the
     * Canary now; one that is not there is none.
     */
    default void refuseMisfit(Routing routing, Live live) {}

    /**
     * What is set for the apex Service by its name and will not hold for those of the two sides, in
     * sentences. It is told when these are made, before requests go there.
     */
    default List<String> lost(Routing atRest, Found live) {
        return List.of();
    }

    /**
     * True when the routes are the user's own, of which nothing but weights is changed: one that
     * the Canary names no more is given back at once.
     */
    default boolean steersRoutesOfTheUser() {
        return false;
    }

    /**
     * Kinds of objects of the user's own that carry a note while a Canary has them in hand. By it
     * one is found that its Canary asks for no more, and is given back.
     */
    default List<Kind> noted() {
        return List.of();
    }

    /** The split that a route of the user's own shows which some Canary steers, or steered. */
    default Optional<Split> shownBySteered(ClusterObject route) {
        return Optional.empty();
    }

    /** Such a route as it was; empty when no Canary has it in hand. */
    default Optional<ClusterObject> unsteered(ClusterObject route) {
        return Optional.empty();
    }

    /**
     * Such a route with what the canary had of it at the primary, in one write; empty when no
     * Canary has it in hand.
     */
    default Optional<ClusterObject> withdrawn(ClusterObject route) {
        return unsteered(route);
    }

    /** Annotations of a Canary that shape what is written for it, as its fields do. */
    default Set<String> followedAnnotations() {
        return Set.of();
    }

    /**
     * Objects that a plan looks at besides, of kinds that are watched anyway: what they say is not
     * followed before the next step.
     */
    default List<Ref> consults(Canary canary) {
        return List.of();
    }

    /**
     * True for a route by which a client may stay with a backend that gets nothing: then a backend
     * that it names no more has had requests until then.
     */
    default boolean keepsClients(Canary canary, ClusterObject route) {
        return false;
    }

    /**
     * Fields of what is written that say which requests go where and that older definitions of its
     * kinds do not have, each by the end of its path, with what asks for it and what has it. What
     * is kept without one of them is not written.
     */
    default Map<String, String> younger() {
        return Map.of();
    }

    /** The split that one object shows; empty when it is no route or leads to no canary. */
    Optional<Split> shown(ClusterObject object);

    /** The same, of a route of this Canary, which may lead to others as well. */
    default Optional<Split> shown(Canary canary, ClusterObject route) {
        return shown(route);
    }

    /** The cookies that the route shows; empty when the Canary asks for none. */
    default Optional<Affinity.Shown> cookies(Canary canary, ClusterObject route) {
        return Optional.empty();
    }

    /**
     * Whether the data plane has taken the route as it is; yes where it does not say.
     *
     * @param looked what else is there
     */
    default Acceptance accepted(ClusterObject route, Found looked) {
        return Acceptance.TAKEN;
    }

    /**
     * What to change in an object of a former name, which stays, so that it takes nothing from the
     * one that is in its place now; empty where both get on.
     */
    default Optional<Consumer<Edit>> retired(ClusterObject former) {
        return Optional.empty();
    }

    /**
     * An object that was taken over, as it was before; empty when that is not known and it stays as
     * it is.
     */
    default Optional<ClusterObject> restored(Canary canary, ClusterObject live) {
        return RouteMetadata.original(live);
    }

    /**
     * How a route names backends that get nothing, in each of its lists of rules, on a mesh whose
     * data planes learn of Services from the routes that name them, and perhaps later than of the
     * route itself. None where Services are known by themselves, or with the route.
     */
    default List<NamedAhead> namedAhead() {
        return List.of();
    }

    /**
     * What to change in a route on its way, so that it leads as one does and names the backends of
     * another one besides; empty when that names all of them already, or need not.
     */
    default Optional<Consumer<Edit>> naming(
            Canary canary, ClusterObject leading, ClusterObject other) {
        Optional<JsonNode> named = Optional.empty();
        for (NamedAhead rules : namedAhead()) {
            var before = named;
            named =
                    rules.naming(before.orElseGet(() -> leading.at("/spec")), other.at("/spec"))
                            .or(() -> before);
        }
        return named.map(spec -> edit -> edit.put("spec", spec));
    }

    /**
     * What to change in the route, as it stands, so that what the canary has of it is the
     * primary's: for when no plan can be made. It needs neither the manifest nor what the plan is
     * made from, so that nothing that is wrong with them keeps traffic on the canary.
     */
    Consumer<Edit> withoutCanary(Canary canary, ClusterObject route);

    /**
     * The same, where the route alone may not tell how it leads to the primary.
     *
     * @param live what else is there
     */
    default Consumer<Edit> withoutCanary(Canary canary, ClusterObject route, Live live) {
        return withoutCanary(canary, route);
    }

    /**
     * What to change in a route that we made, and by which requests come in from outside, so that
     * it leads to the apex: nothing takes its place when the Canary goes. Empty where the apex
     * serves without it.
     */
    default Optional<Consumer<Edit>> leadingToApex(Canary canary, ClusterObject route) {
        return Optional.empty();
    }

    /**
     * The same, where it depends on what else is there.
     *
     * @param atRest with all traffic at the primary
     */
    default Optional<Consumer<Edit>> leadingToApex(
            Routing atRest, ClusterObject route, Found live) {
        return leadingToApex(atRest.canary(), route);
    }

    /**
     * What a route that stays cannot do without, among what we made, with what to change in each;
     * everything else goes.
     *
     * @param atRest with all traffic at the primary
     */
    default Map<Ref, Consumer<Edit>> stayingWith(Routing atRest, Found live) {
        return Map.of();
    }
}
