package dev.serinus.router.route.skipper;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.CopyingRouter;
import dev.serinus.router.route.RouteCopy;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.router.route.ingress.IngressBackends;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.mesh.Ingresses;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Skipper;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Skipper: a copy of the user's Ingress whose paths lead to both sides, which wins over the user's
 * by a predicate while the canary has a share. Shapes are Flagger's (pkg/router/skipper.go), but
 * that the copy is switched off whenever the canary has none, also before the first run.
 */
public final class SkipperRouter extends CopyingRouter {

    private static final String WEIGHTS = "zalando.org/backend-weights";
    private static final String PREDICATE = "zalando.org/skipper-predicate";
    private static final Set<String> STEERING = Set.of(WEIGHTS, PREDICATE);

    /** Puts the copy's routes before the user's. */
    private static final String ON = "Weight(100)";

    /** Is never true. */
    private static final String OFF = "False()";

    private static final String AND = " && ";

    /** What the two sides weigh where nothing else has a weight. */
    private static final int ALL = 100;

    private static final ObjectMapper TEXT = JsonMapper.builder().build();

    @Override
    public Mesh mesh() {
        return Skipper.MESH;
    }

    @Override
    protected Optional<RouteCopy.Names> names(Canary canary) {
        return IngressBackends.names("apexIngress", canary);
    }

    @Override
    protected Refusal unnamed() {
        return IngressBackends.unnamed();
    }

    @Override
    protected RouteObject rendered(Routing routing, RouteCopy copy) {
        Map<String, String> ours =
                Map.of(
                        WEIGHTS, weights(routing, copy.source()).toString(),
                        PREDICATE, predicate(routing, copy.source()));
        return copy.with(
                spec(routing, copy), STEERING::contains, ours, found -> isCopy(routing, found));
    }

    @Override
    protected boolean isCopy(Routing routing, ClusterObject found) {
        return IngressBackends.leadsTo(found, routing.primary()::equals);
    }

    private static ObjectNode spec(Routing routing, RouteCopy copy) {
        var spec = copy.spec();
        if (copy.isStanding()) {
            return spec;
        }
        boolean found = false;
        for (JsonNode rule : spec.path("rules")) {
            if (rule.path("http").path("paths") instanceof ArrayNode paths) {
                found |= split(routing, copy, paths);
            }
        }
        if (!found) {
            throw IngressBackends.notFound(routing, copy.source().ref());
        }
        return spec;
    }

    /** Leads what leads to the application to the primary, and the same once more to the canary. */
    private static boolean split(Routing routing, RouteCopy copy, ArrayNode paths) {
        var toCanary = JsonNodeFactory.instance.arrayNode();
        for (JsonNode path : paths) {
            var backend = path.path("backend");
            if (IngressBackends.service(backend).equals(routing.canary().apex())) {
                IngressBackends.checkPort(routing, copy.source().ref(), backend);
                JsonNode other = path.deepCopy();
                IngressBackends.lead(backend, routing.primary());
                IngressBackends.lead(other.path("backend"), routing.candidate());
                toCanary.add(other);
            }
        }
        paths.addAll(toCanary);
        return !toCanary.isEmpty();
    }

    /** What the application weighs beside other backends is divided between its sides. */
    private static JsonNode weights(Routing routing, ClusterObject source) {
        var apex = routing.canary().apex();
        Map<String, JsonNode> weights = new TreeMap<>();
        given(source).properties().forEach(it -> weights.put(it.getKey(), it.getValue()));
        weights.remove(routing.primary());
        weights.remove(routing.candidate());
        JsonNode whole = weights.remove(apex);
        if (whole != null && whole.asDouble() <= 0) {
            throw Refusal.retry(
                    "ingress %s gives %s no weight in its annotation %s; give it one, or leave it out"
                            .formatted(source.ref().dotted(), apex, WEIGHTS));
        }
        double all = whole == null ? ALL : whole.asDouble();
        double canary =
                all * routing.split().canaryWeight().basisPoints() / Weight.ALL.basisPoints();
        weights.put(routing.primary(), number(all - canary));
        weights.put(routing.candidate(), number(canary));
        var json = JsonNodeFactory.instance.objectNode();
        weights.forEach(json::set);
        return json;
    }

    private static JsonNode number(double weight) {
        return weight == Math.rint(weight)
                ? JsonNodeFactory.instance.numberNode((int) weight)
                : JsonNodeFactory.instance.numberNode(weight);
    }

    private static JsonNode given(ClusterObject ingress) {
        String text = ingress.annotation(WEIGHTS);
        return text == null ? JsonNodeFactory.instance.objectNode() : read(text);
    }

    /** Missing for a text that is no JSON. */
    private static JsonNode read(String text) {
        try {
            return TEXT.readTree(text);
        } catch (JsonProcessingException malformed) {
            return JsonNodeFactory.instance.missingNode();
        }
    }

    /** Ours first, then the user's own, as they are: {@code &&} may also stand within quotes. */
    private static String predicate(Routing routing, ClusterObject source) {
        String ours = routing.split().canaryWeight().isAny() ? ON : OFF;
        String theirs = theirs(source.annotation(PREDICATE));
        return theirs.isEmpty() ? ours : ours + AND + theirs;
    }

    private static String theirs(@Nullable String predicate) {
        String rest = predicate == null ? "" : predicate.strip();
        for (String ours : List.of(ON, OFF)) {
            if (rest.equals(ours)) {
                return "";
            }
            if (rest.startsWith(ours + AND)) {
                return rest.substring((ours + AND).length());
            }
        }
        return rest;
    }

    @Override
    public Optional<Split> shown(ClusterObject object) {
        String text = object.annotation(WEIGHTS);
        if (!object.ref().kind().equals(Ingresses.INGRESS)
                || !object.ref().name().endsWith("-canary")
                || text == null) {
            return Optional.empty();
        }
        JsonNode weights = read(text);
        return weights.properties().stream()
                .filter(it -> it.getKey().endsWith("-canary"))
                .map(
                        it ->
                                share(
                                        weights.path(
                                                it.getKey().replaceFirst("canary$", "primary")),
                                        it.getValue()))
                .flatMap(Optional::stream)
                .findFirst()
                .map(share -> isOff(object) ? Split.PRIMARY : share);
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route) {
        String theirs = theirs(route.annotation(PREDICATE));
        return edit -> edit.annotate(PREDICATE, theirs.isEmpty() ? OFF : OFF + AND + theirs);
    }

    private static boolean isOff(ClusterObject object) {
        String predicate = object.annotation(PREDICATE);
        return predicate != null && predicate.strip().startsWith(OFF);
    }

    /** Empty where no side has any weight, or one has none that is a number. */
    private static Optional<Split> share(JsonNode primary, JsonNode canary) {
        return primary.isNumber() && canary.isNumber() && primary.asDouble() + canary.asDouble() > 0
                ? Optional.of(Split.ofShares(primary.asDouble(), canary.asDouble()))
                : Optional.empty();
    }
}
