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
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.Router.Live;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.ObjectRef;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Mesh;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Routes of the user's own ({@code spec.service.routeRefs}): in every rule that leads to the
 * application, by its apex Service or by its two sides, the application's share is divided between
 * them, and nothing else of the route is changed. Several Canaries may share a route. What a rule
 * led to before is kept on the route, in a note for each Canary, and given back.
 */
record UserRoutes(Canary canary) {

    /** Before the name of the apex: what the rules that led to it were like. */
    static final String NOTE = ClusterObject.OURS + "weights.";

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String RULES = "/spec/rules";
    private static final String BACKENDS = "backendRefs";
    private static final String WEIGHT = "weight";

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
     * A route is left alone while it is missing or leads elsewhere and the canary gets nothing: the
     * apex leads to the primary.
     */
    List<RouteObject> wanted(List<Ref> refs, Split split, Live live) {
        List<RouteObject> wanted = new ArrayList<>();
        for (Ref ref : refs) {
            var found = live.find(ref);
            if (split.canaryWeight() > 0) {
                found = usable(ref, found);
            }
            if (found != null) {
                wanted.add(
                        new RouteObject(
                                ref,
                                null,
                                (edit, route) -> divide(edit, Objects.requireNonNull(route), split),
                                (edit, route) -> divide(edit, route, split),
                                _ -> true));
            }
        }
        return wanted;
    }

    /** The route, when a rule of it leads to the application with any share. */
    ClusterObject usable(Ref ref, @Nullable ClusterObject found) {
        if (found == null) {
            throw Refusal.missing(ref);
        }
        if (rules(found).noneMatch(this::isOurs)) {
            throw Refusal.invalid(
                    "%s %s has no rule with a backend that leads to Service %s and has a weight; add one, or take the route out of spec.service.routeRefs"
                            .formatted(ref.kind().name(), ref.dotted(), canary.apex()));
        }
        return found;
    }

    /** The largest share that the canary has in any rule; empty when it is in none. */
    Optional<Split> shown(ClusterObject route) {
        return rules(route)
                .flatMap(rule -> Split.ofBackends(ours(rule), this::isCanary, 1).stream())
                .max((one, other) -> Integer.compare(one.canaryWeight(), other.canaryWeight()));
    }

    /** The route as it was but for what others have changed in it since. */
    ClusterObject restored(ClusterObject live) {
        JsonNode noted = noted(live);
        boolean known = noted.size() == rules(live).filter(this::isOurs).count();
        boolean isLast =
                live.annotations().keySet().stream()
                        .noneMatch(it -> it.startsWith(NOTE) && !it.equals(note()));
        return live.edited(
                edit -> {
                    var rules = JsonNodeFactory.instance.arrayNode();
                    int place = 0;
                    for (JsonNode rule : live.at(RULES)) {
                        var copy = rule.deepCopy();
                        if (isOurs(rule) && copy instanceof ObjectNode object) {
                            JsonNode before = known ? noted.path(place) : MissingNode.getInstance();
                            object.set(BACKENDS, given(rule.path(BACKENDS), before));
                            place++;
                        }
                        rules.add(copy);
                    }
                    edit.spec("rules", rules)
                            .withoutAnnotations(
                                    it ->
                                            it.equals(note())
                                                    || (isLast
                                                            && it.startsWith(ClusterObject.OURS)));
                });
    }

    private void divide(Edit edit, ClusterObject route, Split split) {
        if (route.annotation(note()) == null) {
            var before = JsonNodeFactory.instance.arrayNode();
            rules(route)
                    .filter(this::isOurs)
                    .map(rule -> rule.path(BACKENDS))
                    .forEach(
                            it ->
                                    before.add(
                                            AdoptedWeights.has(it, this::owner, Owner.SIDE)
                                                    ? JsonNodeFactory.instance.nullNode()
                                                    : it.deepCopy()));
            edit.annotate(note(), before.toString());
        }
        var rules = JsonNodeFactory.instance.arrayNode();
        for (JsonNode rule : route.at(RULES)) {
            var copy = rule.deepCopy();
            if (isOurs(rule) && copy instanceof ObjectNode object) {
                object.set(BACKENDS, divided(rule.path(BACKENDS), split));
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
                        side.deepCopy().put("name", primary()).put(WEIGHT, split.primaryWeight()),
                        side.deepCopy().put("name", candidate()).put(WEIGHT, split.canaryWeight())),
                this::owner,
                UserRoutes::weight);
    }

    /** What a rule led to before, if all else in it is as it was; else the same shares. */
    private ArrayNode given(JsonNode backends, JsonNode before) {
        if (before instanceof ArrayNode original && others(original).equals(others(backends))) {
            return original.deepCopy();
        }
        var whole =
                AdoptedWeights.template(backends, this::owner)
                        .put("name", canary.apex())
                        .put(WEIGHT, AdoptedWeights.ALL);
        return smallest(
                AdoptedWeights.merged(backends, List.of(whole), this::owner, UserRoutes::weight));
    }

    /** Names of the backends that are not the application's. */
    private List<String> others(JsonNode backends) {
        return backends.valueStream()
                .filter(it -> owner(it) == Owner.OTHER)
                .map(it -> it.path("namespace").asText() + "/" + it.path("name").asText())
                .toList();
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
                        && backend.path("namespace").asText(namespace()).equals(namespace());
        String name = backend.path("name").asText();
        if (isService && name.equals(canary.apex())) {
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
        return NOTE + canary.apex();
    }

    private String namespace() {
        return canary.getMetadata().getNamespace();
    }

    private String primary() {
        return canary.apex() + "-primary";
    }

    private String candidate() {
        return canary.apex() + "-canary";
    }
}
