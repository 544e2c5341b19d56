package dev.serinus.router.route.gatewayapi;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.AdoptedWeights;
import dev.serinus.router.route.AdoptedWeights.Owner;
import dev.serinus.router.route.RouteMetadata;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.Router.Live;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.ObjectRef;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Mesh;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
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
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/**
 * Routes of the user's own ({@code spec.service.routeRefs}): in every rule that leads to the
 * application, by its apex Service or by its two sides, the application's share is divided between
 * them, and nothing else of the route is changed. A route has one Canary. What a rule led to before
 * is noted on the route, anew whenever its user leads it to the apex again, and given back.
 *
 * @param apex name of the application's Service; the sides' names begin with it
 */
record UserRoutes(String namespace, String apex) {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String RULES = "/spec/rules";
    private static final String BACKENDS = "backendRefs";
    private static final String WEIGHT = "weight";

    static UserRoutes of(Canary canary) {
        return new UserRoutes(canary.getMetadata().getNamespace(), canary.apex());
    }

    /** Whose a route is, by the note on it; empty when there is none. */
    static Optional<UserRoutes> of(ClusterObject route) {
        return route.steeredFor().map(apex -> new UserRoutes(route.ref().namespace(), apex));
    }

    /** True when the Canary names such routes; none is made for it then. */
    static boolean areNamed(Canary canary) {
        return !named(canary).isEmpty();
    }

    /** Those that it names; admission refuses kinds that the mesh does not know. */
    static List<Ref> refs(Canary canary, Mesh mesh) {
        String namespace = canary.getMetadata().getNamespace();
        return named(canary).stream()
                .flatMap(
                        route ->
                                mesh.steers().stream()
                                        .filter(kind -> kind.name().equals(route.kind()))
                                        .map(kind -> kind.named(namespace, route.name())))
                .distinct()
                .toList();
    }

    private static List<ObjectRef> named(Canary canary) {
        var service = canary.getSpec().service();
        return service == null || service.routeRefs() == null ? List.of() : service.routeRefs();
    }

    /**
     * A route is left alone while it is missing, leads elsewhere or has another Canary, and the
     * canary gets nothing: the apex leads to the primary. With a share for the canary such a route
     * is refused by itself, whatever the others are.
     */
    List<RouteObject> wanted(List<Ref> refs, Routing routing, Live live) {
        var split = routing.split();
        List<RouteObject> wanted = new ArrayList<>();
        for (Ref ref : refs) {
            var refusal = refusal(ref, routing, live.find(ref));
            if (refusal.isEmpty()) {
                wanted.add(
                        steered(
                                ref,
                                (edit, route) ->
                                        steer(edit, Objects.requireNonNull(route), split)));
            } else if (split.canaryWeight().isAny()) {
                wanted.add(
                        steered(
                                ref,
                                (_, _) -> {
                                    throw refusal.get();
                                }));
            }
        }
        return wanted;
    }

    private static RouteObject steered(Ref ref, BiConsumer<Edit, @Nullable ClusterObject> edits) {
        return new RouteObject(ref, null, edits, edits, _ -> true);
    }

    /**
     * Refuses routes of which one is missing, or has no rule that leads to the application, or
     * leads to a port of it that there will be no more.
     */
    void check(List<Ref> refs, Routing routing, Live live) {
        var refusals =
                refs.stream()
                        .flatMap(ref -> refusal(ref, routing, live.find(ref)).stream())
                        .toList();
        if (!refusals.isEmpty()) {
            throw Refusal.all(refusals);
        }
    }

    private Optional<Refusal> refusal(Ref ref, Routing routing, @Nullable ClusterObject found) {
        return found == null
                ? Optional.of(Refusal.missing(ref))
                : unusable(found, routing)
                        .map(
                                because ->
                                        Refusal.invalid(
                                                "%s %s %s, or take the route out of spec.service.routeRefs"
                                                        .formatted(
                                                                ref.kind().name(),
                                                                ref.dotted(),
                                                                because)));
    }

    /** Why a route cannot be steered; empty when it can. */
    private Optional<String> unusable(ClusterObject live, Routing routing) {
        var other = of(live).filter(it -> !it.equals(this));
        var found = users(live);
        boolean isAnothers =
                !isNamedAfterTheApex(live)
                        && (isAdopted(live) || live.controllingCanary().isPresent());
        if (other.isPresent() || isAnothers) {
            return Optional.of(
                    "is steered by another Canary already (%s); give each application a route of its own"
                            .formatted(
                                    other.map(UserRoutes::apex)
                                            .or(found::controllingCanary)
                                            .orElse("by its gatewayRefs")));
        }
        if (rules(found).noneMatch(this::isOurs)) {
            return Optional.of(
                    "has no rule with a backend that leads to Service %s and has a weight; add one"
                            .formatted(apex));
        }
        if (rules(found).anyMatch(this::isAmbiguous)) {
            return Optional.of(
                    "has a rule with several backends that lead to Service %s; leave one of them"
                            .formatted(apex));
        }
        return unserved(found, routing);
    }

    /**
     * The Services of both sides have the ports of the manifest alone: a backend with another one
     * would be answered by nobody.
     */
    private Optional<String> unserved(ClusterObject route, Routing routing) {
        List<String> places = new ArrayList<>();
        Set<String> ports = new LinkedHashSet<>();
        var rules = route.at(RULES);
        for (int i = 0; i < rules.size(); i++) {
            var backends = rules.path(i).path(BACKENDS);
            for (int k = 0; k < backends.size() && isOurs(rules.path(i)); k++) {
                int port = backends.path(k).path("port").asInt();
                if (owner(backends.path(k)) != Owner.OTHER && !routing.serves(port)) {
                    places.add("spec.rules[%d].backendRefs[%d].port".formatted(i, k));
                    ports.add(String.valueOf(port));
                }
            }
        }
        return places.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "leads to port %s of Service %s (%s), but the Services of its canary and primary will have port %d%s; set spec.service.port of the Canary to the route's port, or lead the route to this one"
                                .formatted(
                                        String.join(" and ", ports),
                                        apex,
                                        String.join(", ", places),
                                        routing.service().port(),
                                        Boolean.TRUE.equals(routing.service().portDiscovery())
                                                ? " and those of the containers"
                                                : " only"));
    }

    /** By its gatewayRefs a Canary makes, or takes over, the route of this name and no other. */
    private boolean isNamedAfterTheApex(ClusterObject route) {
        return route.ref().name().equals(apex);
    }

    /** A route as its user wrote it, where the Canary took it over whole before. */
    private ClusterObject users(ClusterObject route) {
        return isAdopted(route) && isNamedAfterTheApex(route)
                ? RouteMetadata.original(route).orElse(route)
                : route;
    }

    /** True for a route that some Canary took over whole, by its gatewayRefs. */
    private boolean isAdopted(ClusterObject route) {
        return route.annotation(note()) == null && route.annotation(RouteMetadata.ORIGINAL) != null;
    }

    private boolean isAmbiguous(JsonNode rule) {
        return ours(rule)
                        .valueStream()
                        .filter(it -> owner(it) == Owner.APPLICATION && weight(it) > 0)
                        .count()
                > 1;
    }

    /** The largest share that the canary has in any rule; empty when it is in none. */
    Optional<Split> shown(ClusterObject route) {
        return rules(route)
                .flatMap(rule -> Split.ofBackends(ours(rule), this::isCanary, 1).stream())
                .max(Comparator.comparing(Split::canaryWeight));
    }

    /**
     * The route as it was but for what its user has changed in it since; empty when it is not in
     * our hands. Where our note was taken away, what names a side leads to the apex.
     */
    Optional<ClusterObject> restored(ClusterObject live) {
        if (isAdopted(live) && isNamedAfterTheApex(live)) {
            return RouteMetadata.original(live);
        }
        boolean ours =
                live.annotation(note()) != null
                        || (of(live).isEmpty()
                                && rules(live)
                                        .anyMatch(
                                                rule ->
                                                        AdoptedWeights.has(
                                                                rule.path(BACKENDS),
                                                                this::owner,
                                                                Owner.SIDE)));
        return ours ? Optional.of(live.edited(edit -> giveBack(edit, live))) : Optional.empty();
    }

    private void giveBack(Edit edit, ClusterObject live) {
        var noted = noted(live);
        changeRules(edit, live, (rule, key) -> given(rule.path(BACKENDS), noted.path(key)));
        edit.withoutAnnotations(it -> it.startsWith(ClusterObject.OURS));
    }

    /** The route with all that the application has of it at the primary. */
    ClusterObject withdrawn(ClusterObject live) {
        return live.edited(edit -> divide(edit, live, Split.PRIMARY));
    }

    private void steer(Edit edit, ClusterObject route, Split split) {
        var users = users(route);
        if (!users.equals(route)) {
            RouteMetadata.replace(edit, users);
        }
        divide(edit, users, split);
    }

    /** What a rule led to is noted as long as its user leads it to the apex alone. */
    private void divide(Edit edit, ClusterObject route, Split split) {
        var before = noted(route);
        var noted = JSON.createObjectNode();
        changeRules(
                edit,
                route,
                (rule, key) -> {
                    JsonNode backends = rule.path(BACKENDS);
                    if (!AdoptedWeights.has(backends, this::owner, Owner.SIDE)) {
                        noted.set(key, backends.deepCopy());
                    } else if (before.has(key)) {
                        noted.set(key, before.path(key));
                    }
                    return divided(backends, split);
                });
        edit.annotate(note(), noted.toString());
    }

    /** Puts other backends into each rule of ours; a rule is known by its name or its matches. */
    private void changeRules(
            Edit edit, ClusterObject route, BiFunction<JsonNode, String, ArrayNode> backends) {
        var rules = JsonNodeFactory.instance.arrayNode();
        Map<String, Integer> seen = new HashMap<>();
        for (JsonNode rule : route.at(RULES)) {
            var copy = rule.deepCopy();
            if (isOurs(rule) && copy instanceof ObjectNode object) {
                String name = rule.path("name").asText();
                String key = name.isEmpty() ? Revision.of(rule.path("matches")) : name;
                int times = seen.merge(key, 1, Integer::sum);
                object.set(BACKENDS, backends.apply(rule, times == 1 ? key : key + "#" + times));
            }
            rules.add(copy);
        }
        edit.spec("rules", rules);
    }

    private ArrayNode divided(JsonNode backends, Split split) {
        var side = AdoptedWeights.template(backends, this::owner);
        return AdoptedWeights.merged(
                backends,
                List.of(
                        side.deepCopy()
                                .put("name", primary())
                                .put(WEIGHT, split.shares().primary()),
                        side.deepCopy()
                                .put("name", candidate())
                                .put(WEIGHT, split.shares().canary())),
                this::owner,
                UserRoutes::weight);
    }

    /** What a rule led to before, if all else in it is as we left it; else the same shares. */
    private ArrayNode given(JsonNode backends, JsonNode before) {
        if (before instanceof ArrayNode original
                && isAsDivided(
                        divided(backends, Split.PRIMARY), divided(original, Split.PRIMARY))) {
            return original.deepCopy();
        }
        var whole =
                AdoptedWeights.template(backends, this::owner)
                        .put("name", apex)
                        .put(WEIGHT, AdoptedWeights.ALL);
        return smallest(
                AdoptedWeights.merged(backends, List.of(whole), this::owner, UserRoutes::weight));
    }

    /**
     * Whatever the weights of our sides are; a data plane may have been told of the apex as well.
     */
    private boolean isAsDivided(ArrayNode backends, ArrayNode divided) {
        return withoutShares(backends).equals(withoutShares(divided));
    }

    private Set<JsonNode> withoutShares(JsonNode backends) {
        Set<JsonNode> all = new HashSet<>();
        for (JsonNode backend : backends) {
            var copy = backend.deepCopy();
            if (copy instanceof ObjectNode object && owner(backend) == Owner.SIDE) {
                object.remove(WEIGHT);
            }
            if (owner(backend) != Owner.APPLICATION) {
                all.add(copy);
            }
        }
        return all;
    }

    /** The same shares in the smallest weights; none where there is one backend. */
    private static ArrayNode smallest(ArrayNode backends) {
        long divisor =
                backends.valueStream()
                        .map(it -> BigInteger.valueOf(weight(it)))
                        .reduce(BigInteger.ZERO, BigInteger::gcd)
                        .max(BigInteger.ONE)
                        .longValue();
        for (JsonNode backend : backends) {
            if (backend instanceof ObjectNode object) {
                if (backends.size() == 1) {
                    object.remove(WEIGHT);
                } else {
                    object.put(WEIGHT, weight(backend) / divisor);
                }
            }
        }
        return backends;
    }

    /** True for a rule in which the application has a share. */
    private boolean isOurs(JsonNode rule) {
        return ours(rule).valueStream().mapToLong(UserRoutes::weight).sum() > 0;
    }

    private ArrayNode ours(JsonNode rule) {
        var ours = JsonNodeFactory.instance.arrayNode();
        rule.path(BACKENDS).valueStream().filter(it -> owner(it) != Owner.OTHER).forEach(ours::add);
        return ours;
    }

    private boolean isCanary(JsonNode backend) {
        return backend.path("name").asText().equals(candidate());
    }

    private Owner owner(JsonNode backend) {
        boolean isService =
                backend.path("kind").asText("Service").equals("Service")
                        && backend.path("group").asText("").isEmpty()
                        && backend.path("namespace").asText(namespace).equals(namespace);
        String name = backend.path("name").asText();
        if (isService && name.equals(apex)) {
            return Owner.APPLICATION;
        }
        return isService && (name.equals(primary()) || name.equals(candidate()))
                ? Owner.SIDE
                : Owner.OTHER;
    }

    /** What Gateway API fills in: 1. */
    private static long weight(JsonNode backend) {
        return backend.path(WEIGHT).asLong(1);
    }

    private static Stream<JsonNode> rules(ClusterObject route) {
        return route.at(RULES).valueStream();
    }

    /** Nothing when it cannot be read: then the same shares are given back. */
    private JsonNode noted(ClusterObject route) {
        String noted = route.annotation(note());
        try {
            return noted == null ? MissingNode.getInstance() : JSON.readTree(noted);
        } catch (JsonProcessingException malformed) {
            return MissingNode.getInstance();
        }
    }

    private String note() {
        return ClusterObject.STEERED + apex;
    }

    private String primary() {
        return apex + "-primary";
    }

    private String candidate() {
        return apex + "-canary";
    }
}
