package dev.serinus.router.route.apisix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.ApexSettings;
import dev.serinus.router.route.Backends;
import dev.serinus.router.route.CopyingRouter;
import dev.serinus.router.route.RouteCopy;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Silence;
import dev.serinus.router.route.Split;
import dev.serinus.router.route.ingress.IngressBackends;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.mesh.Apisix;
import dev.serinus.schemas.mesh.Mesh;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * APISIX: a copy of the user's route that leads to both sides and comes before it. Shapes are
 * Flagger's (pkg/router/apisix.go), but that the copy has every HTTP rule of the application, not
 * the first alone, and no rules for streams, which would be there twice.
 */
public final class ApisixRouter extends CopyingRouter {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String SERVICE = "serviceName";
    private static final int BEFORE_OTHERS = 10_000;

    /** Of a backend that says none. */
    private static final int WEIGHT = 100;

    /** Conditions by which releases of the controller say whether APISIX has a route. */
    private static final Set<String> VERDICTS = Set.of("ResourcesAvailable", "Accepted");

    @Override
    public Mesh mesh() {
        return Apisix.MESH;
    }

    @Override
    protected Optional<RouteCopy.Names> names(Canary canary) {
        return ofRouteRef(canary, "apisix route", Apisix.ROUTE);
    }

    @Override
    protected Refusal unnamed() {
        return Refusal.invalid("apisix route selector is empty; name the route in spec.routeRef");
    }

    @Override
    public List<String> lost(Routing atRest, Found live) {
        return new ApexSettings(atRest, live)
                .objects(
                        Apisix.UPSTREAM,
                        (upstream, service) -> upstream.ref().name().equals(service),
                        "make one by the name of each of them");
    }

    @Override
    protected RouteObject rendered(Routing routing, RouteCopy copy) {
        return copy.with(
                spec(routing, copy), _ -> false, Map.of(), found -> isCopy(routing, found));
    }

    @Override
    protected boolean isCopy(Routing routing, ClusterObject found) {
        return backends(found.at("/spec")).anyMatch(it -> leadsTo(it, routing.primary()));
    }

    private static ObjectNode spec(Routing routing, RouteCopy copy) {
        var spec = copy.spec();
        if (copy.isStanding()) {
            backends(spec).forEach(backend -> weigh(routing, backend));
            return spec;
        }
        String route = copy.source().ref().dotted();
        if (spec.path("http").isEmpty()) {
            throw Refusal.retry("APISIX route %s's spec.http is empty".formatted(route));
        }
        var rules = JSON.arrayNode();
        for (JsonNode rule : spec.path("http")) {
            boolean ours =
                    rule.path("backends")
                            .valueStream()
                            .anyMatch(it -> leadsTo(it, routing.canary().apex()));
            if (ours && rule instanceof ObjectNode object) {
                rules.add(split(routing, route, object));
            }
        }
        if (rules.isEmpty()) {
            throw Refusal.retry(
                    "Can not find %s backend on apisix route %s; lead one of its HTTP rules there, or set spec.service.name to the Service that it leads to"
                            .formatted(routing.canary().apex(), route));
        }
        spec.set("http", rules);
        spec.remove("stream");
        return spec;
    }

    private static ObjectNode split(Routing routing, String route, ObjectNode rule) {
        if (rule.path("backends").size() + rule.path("upstreams").size() != 1) {
            throw Refusal.retry(
                    "apisix route %s http route %s only one http backend is supported; give %s a rule of its own"
                            .formatted(route, rule.path("name").asText(), routing.canary().apex()));
        }
        JsonNode theirs = rule.path("backends").path(0);
        String port = theirs.path("servicePort").asText();
        if (!port.isEmpty() && !IngressBackends.isServed(routing.service(), port)) {
            throw IngressBackends.noPort(routing, "apisix route " + route, port);
        }
        rule.putArray("backends")
                .add(side(theirs, routing.primary(), routing.split().shares().primary()))
                .add(side(theirs, routing.candidate(), routing.split().shares().canary()));
        return rule.put("priority", Math.max(BEFORE_OTHERS, rule.path("priority").asInt() + 1));
    }

    private static JsonNode side(JsonNode theirs, String service, int weight) {
        ObjectNode side = theirs.deepCopy();
        return side.put(SERVICE, service).put("weight", weight);
    }

    private static void weigh(Routing routing, JsonNode backend) {
        if (backend instanceof ObjectNode side && leadsTo(side, routing.primary())) {
            side.put("weight", routing.split().shares().primary());
        } else if (backend instanceof ObjectNode side && leadsTo(side, routing.candidate())) {
            side.put("weight", routing.split().shares().canary());
        }
    }

    private static boolean leadsTo(JsonNode backend, String service) {
        return backend.path(SERVICE).asText().equals(service);
    }

    private static Stream<JsonNode> backends(JsonNode spec) {
        return spec.path("http").valueStream().flatMap(rule -> rule.path("backends").valueStream());
    }

    /** What most requests of some rule meet: of a copy of ours all rules show the same. */
    @Override
    public Optional<Split> shown(ClusterObject object) {
        if (!object.ref().kind().equals(Apisix.ROUTE) || !object.ref().name().endsWith("-canary")) {
            return Optional.empty();
        }
        return object.at("/spec/http")
                .valueStream()
                .flatMap(
                        rule ->
                                Split.ofBackends(
                                        rule.path("backends"),
                                        backend -> isCanary(object, backend),
                                        WEIGHT)
                                        .stream())
                .max(Comparator.comparing(Split::canaryWeight));
    }

    /** The copy's name ends with the name of the canary's Service. */
    private static boolean isCanary(ClusterObject copy, JsonNode backend) {
        String service = backend.path(SERVICE).asText();
        return service.endsWith("-canary") && copy.ref().name().endsWith("-" + service);
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route) {
        return edit -> {
            for (JsonNode rule : edit.spec().path("http")) {
                Backends.withdraw(
                        rule.path("backends"),
                        it -> it.path(SERVICE).asText().endsWith("-primary"),
                        it -> isCanary(route, it),
                        WEIGHT);
            }
        };
    }

    /** As the newest condition says: another release of the controller may have left its own. */
    @Override
    public Acceptance accepted(ClusterObject route, Found looked) {
        if (!isSaid(route)) {
            return Silence.of(
                    route, looked, ApisixRouter::isSaid, "/spec/ingressClassName", "APISIX");
        }
        return route.at("/status/conditions")
                .valueStream()
                .filter(condition -> VERDICTS.contains(condition.path("type").asText()))
                .max(Comparator.comparingLong(it -> it.path("observedGeneration").asLong()))
                .map(condition -> accepted(route, condition))
                .orElse(Acceptance.TAKEN);
    }

    private static boolean isSaid(ClusterObject route) {
        return !route.at("/status/conditions").isEmpty();
    }

    private static Acceptance accepted(ClusterObject route, JsonNode condition) {
        String said =
                "ApisixRoute %s is not in APISIX yet (%s: %s%s)"
                        .formatted(
                                route.ref().dotted(),
                                condition.path("type").asText(),
                                condition.path("status").asText(),
                                Stream.of("reason", "message")
                                        .map(field -> condition.path(field).asText())
                                        .filter(text -> !text.isEmpty())
                                        .map(text -> ", " + text)
                                        .collect(Collectors.joining()));
        long generation = route.at("/metadata/generation").asLong();
        if (condition.path("observedGeneration").asLong(generation) < generation) {
            return Acceptance.unseen(said);
        }
        return condition.path("status").asText().equals("True")
                ? Acceptance.TAKEN
                : Acceptance.refused(said);
    }
}
