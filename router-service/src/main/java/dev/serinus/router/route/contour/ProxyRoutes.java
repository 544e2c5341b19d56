package dev.serinus.router.route.contour;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.route.AdoptedRules;
import dev.serinus.router.route.AdoptedWeights;
import dev.serinus.router.route.AdoptedWeights.Owner;
import dev.serinus.router.route.NamedAhead;
import dev.serinus.router.route.Routing;
import dev.serinus.schemas.canary.CanaryService;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The routes of an HTTPProxy for one canary and split. */
record ProxyRoutes(Routing routing) {

    /** The whole service, since Contour names what it makes of it after all that it says. */
    static final NamedAhead NAMED_AHEAD =
            new NamedAhead(
                    "routes",
                    "conditions",
                    "services",
                    service ->
                            service.path("mirror").asBoolean()
                                    ? Optional.empty()
                                    : Optional.of(
                                            service.path("name").asText()
                                                    + ":"
                                                    + service.path("port").asText()),
                    service -> service,
                    ProxyRoutes::explicit);

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final int ALL = AdoptedWeights.ALL;

    /** Who may be asked again, when Contour has to look at the answer's status. */
    private static final String STATUS_CODES = "retriable-status-codes";

    /** So that Linkerd leaves the choice of a side to Contour; Flagger always sets it. */
    private static final String LINKERD = "l5d-dst-override";

    /**
     * Where the application is served.
     *
     * @param conditions of its requests; none for all
     * @param route what a route there has besides: nothing where it is ours
     * @param services that serve there now
     */
    private record Place(List<ObjectNode> conditions, ObjectNode route, JsonNode services) {}

    private CanaryService service() {
        return routing.service();
    }

    /** The routes of an HTTPProxy that is ours. */
    ArrayNode made() {
        return routes(ofService(JSON.objectNode(), MissingNode.getInstance()));
    }

    /**
     * The routes of one that was there before: those that lead to the application are changed where
     * they are, unless spec.service.match says where it is served; all others stay.
     *
     * @param former conditions of the analysis by which some of them were made before
     */
    ArrayNode adopted(JsonNode live, List<JsonNode> former) {
        return AdoptedRules.merged(
                live, list(routes(places(live, former))), this::isOurs, _ -> false);
    }

    /** Everything to the apex Service, as it was before there was a Canary. */
    ArrayNode toApex() {
        var routes = JSON.arrayNode();
        for (Place place : ofService(JSON.objectNode(), MissingNode.getInstance())) {
            var services = JSON.arrayNode().add(backend(JSON.objectNode(), apex(), 0));
            routes.add(route(place, place.conditions(), services));
        }
        return routes;
    }

    private String apex() {
        return routing.canary().apex();
    }

    private List<Place> places(JsonNode live, List<JsonNode> former) {
        var ours = live.valueStream().filter(this::isOurs).map(ObjectNode.class::cast).toList();
        if (ours.isEmpty()) {
            return ofService(JSON.objectNode(), MissingNode.getInstance());
        }
        if (service().match() != null && !service().match().isEmpty()) {
            return ofService(besides(ours.getLast()), ours.getLast().path("services"));
        }
        Map<List<ObjectNode>, Place> places = new LinkedHashMap<>();
        var entries = Stream.concat(routing.match().stream(), former.stream()).toList();
        for (ObjectNode route : ours) {
            var where = MatchConditions.without(route.path("conditions"), entries);
            places.put(where, new Place(where, besides(route), route.path("services")));
        }
        return List.copyOf(places.values());
    }

    private List<Place> ofService(ObjectNode route, JsonNode services) {
        var matches = service().match();
        return MatchConditions.ofService(matches == null ? List.of() : matches).stream()
                .map(conditions -> new Place(conditions, route, services))
                .toList();
    }

    private static ObjectNode besides(ObjectNode route) {
        var besides = route.deepCopy();
        besides.remove(List.of("conditions", "services"));
        return besides;
    }

    /** True for a live route that leads to the application, on whichever side. */
    boolean isOurs(JsonNode route) {
        return route.path("services")
                .valueStream()
                .anyMatch(service -> owner(service) != Owner.OTHER);
    }

    /** True for a live route in which others have all the weight. */
    boolean leavesNothing(JsonNode route) {
        var services = route.path("services");
        return AdoptedWeights.leavesNothing(services, this::owner, weights(services)::apply);
    }

    /** True for a live route that leads to one of the sides: what it was before is past. */
    boolean isTakenOver(JsonNode routes) {
        return routes.valueStream()
                .anyMatch(
                        route ->
                                AdoptedWeights.has(
                                        route.path("services"), this::owner, Owner.SIDE));
    }

    private Owner owner(JsonNode service) {
        String name = service.path("name").asText();
        if (service.path("mirror").asBoolean()) {
            return Owner.OTHER;
        }
        if (name.equals(routing.primary()) || name.equals(routing.candidate())) {
            return Owner.SIDE;
        }
        return name.equals(apex()) ? Owner.APPLICATION : Owner.OTHER;
    }

    /** For each place the routes with conditions of the analysis first. */
    private ArrayNode routes(List<Place> places) {
        var routes = JSON.arrayNode();
        int primary = routing.split().shares().primary();
        int canary = routing.split().shares().canary();
        for (Place place : places) {
            for (JsonNode entry : routing.conditions()) {
                var both = MatchConditions.both(place.conditions(), entry);
                routes.add(route(place, both, services(place, primary, canary)));
            }
            var services =
                    routing.conditions().isEmpty()
                            ? services(place, primary, canary)
                            : services(place, ALL, 0);
            routes.add(route(place, place.conditions(), services));
        }
        return routes;
    }

    private ObjectNode route(Place place, List<ObjectNode> conditions, ArrayNode services) {
        var route = place.route().deepCopy();
        if (!conditions.isEmpty()) {
            var all = route.putArray("conditions");
            conditions.forEach(it -> all.add(it.deepCopy()));
        }
        route.set("services", services);
        String timeout = service().timeout();
        if (timeout != null && !timeout.isEmpty()) {
            var policy = route.withObjectProperty("timeoutPolicy").put("response", timeout);
            if (!policy.has("idle")) {
                policy.put("idle", "5m");
            }
        }
        var retries = service().retries();
        if (retries != null && !retries.isEmpty()) {
            route.set("retryPolicy", retryPolicy(retries));
        }
        return route;
    }

    /**
     * Contour takes a status for a condition of its own, and no empty one, which Flagger writes.
     */
    private static ObjectNode retryPolicy(JsonNode retries) {
        var policy = JSON.objectNode().put("count", retries.path("attempts").asInt());
        if (!retries.path("perTryTimeout").asText().isEmpty()) {
            policy.put("perTryTimeout", retries.path("perTryTimeout").asText());
        }
        List<String> words = new ArrayList<>();
        var codes = JSON.arrayNode();
        for (String part : retries.path("retryOn").asText().split(",", -1)) {
            String word = part.strip();
            if (word.chars().allMatch(Character::isDigit) && !word.isEmpty()) {
                codes.add(Integer.parseInt(word));
            } else if (!word.isEmpty()) {
                words.add(word);
            }
        }
        if (!codes.isEmpty()) {
            if (!words.contains(STATUS_CODES)) {
                words.add(STATUS_CODES);
            }
            policy.set("retriableStatusCodes", codes);
        }
        if (!words.isEmpty()) {
            words.forEach(policy.putArray("retryOn")::add);
        }
        return policy;
    }

    private ArrayNode services(Place place, int primary, int canary) {
        var template = AdoptedWeights.template(place.services(), this::owner);
        return AdoptedWeights.merged(
                place.services(),
                List.of(
                        backend(template, routing.primary(), primary),
                        backend(template, routing.candidate(), canary)),
                this::owner,
                weights(place.services())::apply);
    }

    /** Contour takes a missing weight for 0, and 0 for all of them for an even share. */
    static Function<JsonNode, Long> weights(JsonNode services) {
        boolean even = services.valueStream().allMatch(it -> weight(it) == 0);
        return it -> even && !it.path("mirror").asBoolean() ? 1 : weight(it);
    }

    private static void explicit(ArrayNode services) {
        var weights = weights(services);
        for (JsonNode service : services) {
            if (service instanceof ObjectNode one && !service.path("mirror").asBoolean()) {
                one.put("weight", weights.apply(service));
            }
        }
    }

    private static long weight(JsonNode service) {
        return service.path("mirror").asBoolean()
                ? 0
                : Math.max(0, service.path("weight").asLong());
    }

    private ObjectNode backend(ObjectNode template, String name, int weight) {
        var backend = template.deepCopy().put("name", name).put("port", service().port());
        backend.remove("weight");
        if (weight > 0) {
            backend.put("weight", weight);
        }
        var set = backend.withObjectProperty("requestHeadersPolicy").withArrayProperty("set");
        for (int i = set.size() - 1; i >= 0; i--) {
            if (set.get(i).path("name").asText().equals(LINKERD)) {
                set.remove(i);
            }
        }
        set.addObject()
                .put("name", LINKERD)
                .put(
                        "value",
                        "%s.%s.svc.cluster.local:%d"
                                .formatted(
                                        name,
                                        routing.canary().getMetadata().getNamespace(),
                                        service().port()));
        return backend;
    }

    private static List<ObjectNode> list(ArrayNode routes) {
        return routes.valueStream().map(ObjectNode.class::cast).toList();
    }
}
