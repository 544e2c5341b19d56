package dev.serinus.router.route.gloo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.AdoptedRules;
import dev.serinus.router.route.AdoptedWeights;
import dev.serinus.router.route.AdoptedWeights.Owner;
import dev.serinus.router.route.Routing;
import dev.serinus.schemas.cluster.Ref;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The routes of a RouteTable for one canary and split. */
record TableRoutes(Routing routing, Upstreams upstreams) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** Where a destination is: one of these. */
    private static final List<String> PLACES = List.of("upstream", "kube", "consul");

    private static final String INHERITS = "inheritablePathMatchers";
    private static final int ALL = AdoptedWeights.ALL;

    /**
     * Where the application is served.
     *
     * @param matchers of its requests, of which one has to fit; none for all
     * @param route what a route there has besides
     * @param destinations that serve there now
     */
    private record Place(List<ObjectNode> matchers, ObjectNode route, ArrayNode destinations) {

        /**
         * Its requests as matchers: without any Gloo takes all paths, but a matcher has to name
         * one, unless the route has its paths from whoever delegates to it.
         */
        List<ObjectNode> requests() {
            return matchers.isEmpty() && !route.path(INHERITS).asBoolean()
                    ? List.of(JSON.objectNode().put("prefix", "/"))
                    : matchers;
        }
    }

    /** The routes of a RouteTable that is ours. */
    ArrayNode made() {
        return routes(List.of(everywhere()));
    }

    private static Place everywhere() {
        var route = JSON.objectNode().put(INHERITS, true);
        return new Place(List.of(), route, JSON.arrayNode());
    }

    /**
     * The routes of one that was there before: those that lead to the application are changed where
     * they are, all others stay. The first that fits counts, so that each keeps its place.
     *
     * @param former conditions of the analysis by which some of them were made before
     */
    ArrayNode adopted(JsonNode live, List<JsonNode> former) {
        if (live.valueStream().noneMatch(this::isOurs)) {
            return AdoptedRules.merged(
                    live,
                    made().valueStream().map(ObjectNode.class::cast).toList(),
                    this::isOurs,
                    route -> route.path("matchers").isEmpty());
        }
        var entries = Stream.concat(routing.match().stream(), former.stream()).toList();
        Map<List<ObjectNode>, Place> last = new HashMap<>();
        Set<List<ObjectNode>> whole = new HashSet<>();
        for (JsonNode route : live) {
            if (isOurs(route)) {
                var place = place(route, entries);
                last.put(place.requests(), place);
                if (isWhole(route, place)) {
                    whole.add(place.requests());
                }
            }
        }
        var routes = JSON.arrayNode();
        for (JsonNode route : live) {
            if (!isOurs(route)) {
                routes.add(route.deepCopy());
                continue;
            }
            var here = place(route, entries);
            boolean ofConditions = !isWhole(route, here) && whole.contains(here.requests());
            var place = ofConditions ? null : last.remove(here.requests());
            if (place != null) {
                routes.addAll(routes(List.of(place)));
            }
        }
        return routes;
    }

    private static Place place(JsonNode route, List<JsonNode> entries) {
        var where = Matchers.without(route.path("matchers"), entries);
        ObjectNode besides = route.deepCopy();
        besides.remove(List.of("matchers", "routeAction"));
        return new Place(where, besides, destinations(route));
    }

    /** False for a live route for those alone who match the analysis. */
    private static boolean isWhole(JsonNode route, Place place) {
        return route.path("matchers").valueStream().toList().equals(place.matchers());
    }

    /** The keys of each kind of subset that the application's live routes lead to. */
    List<List<String>> subsets(JsonNode live) {
        return live.valueStream()
                .flatMap(route -> destinations(route).valueStream())
                .filter(it -> upstreams.owner(it) != Owner.OTHER)
                .map(it -> it.at("/destination/subset/values"))
                .filter(values -> !values.isEmpty())
                .map(
                        values ->
                                values.properties().stream()
                                        .map(Map.Entry::getKey)
                                        .sorted()
                                        .toList())
                .distinct()
                .toList();
    }

    /** Everything to the apex Service, as it was before there was a Canary. */
    ArrayNode toApex() {
        var route = everywhere().route();
        var kube = route.putObject("routeAction").putObject("single").putObject("kube");
        kube.putObject("ref")
                .put("name", routing.canary().apex())
                .put("namespace", routing.canary().getMetadata().getNamespace());
        kube.put("port", routing.service().port());
        return JSON.arrayNode().add(route);
    }

    /** One in which ours would take the place of something else. */
    void refuseUnfit(ClusterObject found) {
        var routes = found.at("/spec/routes");
        String table = found.ref().dotted();
        if (!routes.isEmpty() && routes.valueStream().noneMatch(this::isOurs)) {
            throw Refusal.invalid(
                    "RouteTable %s has no route to Service %s; add one, or give the Canary another spec.service.name"
                            .formatted(table, routing.canary().apex()));
        }
        for (JsonNode route : routes) {
            if (AdoptedWeights.leavesNothing(
                    destinations(route), upstreams::owner, TableRoutes::weight)) {
                throw Refusal.invalid(
                        "RouteTable %s has a route in which Service %s has no weight; give it one, or give the Canary another spec.service.name"
                                .formatted(table, routing.canary().apex()));
            }
        }
    }

    /** True for a live route that leads to the application, on whichever side. */
    boolean isOurs(JsonNode route) {
        return destinations(route).valueStream().anyMatch(it -> upstreams.owner(it) != Owner.OTHER);
    }

    /** True for a live route that leads to one of the sides: what it was before is past. */
    boolean isTakenOver(JsonNode routes) {
        return routes.valueStream()
                .anyMatch(
                        route ->
                                AdoptedWeights.has(
                                        destinations(route), upstreams::owner, Owner.SIDE));
    }

    /** A single destination is one of a list. */
    private static ArrayNode destinations(JsonNode route) {
        var action = route.path("routeAction");
        var all = JSON.arrayNode();
        action.at("/multi/destinations").forEach(all::add);
        if (action.path("single").isObject()) {
            all.addObject().set("destination", action.path("single"));
        }
        return all;
    }

    /**
     * For each place the route with conditions of the analysis first: the first that fits counts.
     */
    private ArrayNode routes(List<Place> places) {
        var routes = JSON.arrayNode();
        int primary = routing.split().shares().primary();
        int canary = routing.split().shares().canary();
        for (Place place : places) {
            if (routing.conditions().isEmpty()) {
                routes.add(route(place, place.matchers(), primary, canary));
            } else {
                var both = Matchers.combined(place.requests(), routing.conditions());
                routes.add(route(place, both, primary, canary));
                routes.add(route(place, place.matchers(), ALL, 0));
            }
        }
        return routes;
    }

    private ObjectNode route(Place place, List<ObjectNode> matchers, int primary, int canary) {
        var route = place.route().deepCopy();
        if (!matchers.isEmpty()) {
            var all = route.putArray("matchers");
            matchers.forEach(it -> all.add(it.deepCopy()));
        }
        var template = AdoptedWeights.template(place.destinations(), upstreams::owner);
        var merged =
                AdoptedWeights.merged(
                        place.destinations(),
                        List.of(
                                destination(template, upstreams.primary(), primary),
                                destination(template, upstreams.candidate(), canary)),
                        upstreams::owner,
                        TableRoutes::weight);
        route.putObject("routeAction").putObject("multi").set("destinations", merged);
        return route;
    }

    private static long weight(JsonNode destination) {
        return Math.max(0, destination.path("weight").asLong());
    }

    /** Another place with all that is said of requests there, such as a subset of the pods. */
    private static ObjectNode destination(ObjectNode template, Ref upstream, int weight) {
        var destination = template.deepCopy();
        destination.remove("weight");
        destination
                .withObjectProperty("destination")
                .remove(PLACES)
                .putObject("upstream")
                .put("name", upstream.name())
                .put("namespace", upstream.namespace());
        return weight > 0 ? destination.put("weight", weight) : destination;
    }
}
