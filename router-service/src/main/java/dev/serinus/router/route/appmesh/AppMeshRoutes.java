package dev.serinus.router.route.appmesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.AdoptedRules;
import dev.serinus.router.route.Backends;
import dev.serinus.router.route.RouteMetadata;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.CanaryService;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The routes of a virtual router for one canary and split. */
record AppMeshRoutes(Routing routing, Version version) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String ROUTES = "/spec/routes";
    private static final int ALL = 100;

    /** Of the first route of an A/B test and of the first for all others, as Flagger has them. */
    private static final int MATCHING = 10;

    private static final int OTHERS = 20;

    private CanaryService service() {
        return routing.service();
    }

    private Protocol protocol() {
        return Protocol.of(service(), version);
    }

    /** By the split; those with conditions first. */
    List<ObjectNode> split() {
        String apex = routing.canary().apex();
        var weighted = both(routing.split().shares().canary(), routing.split().shares().primary());
        if (routing.conditions().isEmpty()) {
            return routes(apex, matches(), weighted, null);
        }
        var conditions = new Matches(version, protocol()).combined(routing.conditions(), matches());
        var routes = new ArrayList<>(routes(apex + "-a", conditions, weighted, MATCHING));
        routes.addAll(
                routes(
                        apex + "-b",
                        matches(),
                        JSON.arrayNode().add(version.target(routing.primary(), ALL)),
                        Math.max(OTHERS, MATCHING + conditions.size())));
        return routes;
    }

    /** Everything to the canary, for whoever asks for it by its own name. */
    List<ObjectNode> direct() {
        return routes(routing.candidate(), matches(), both(ALL, 0), null);
    }

    /**
     * Everything to one virtual node. Where no route can be made of the manifest, which may have
     * been broken since it was made, the live ones lead there as they are.
     */
    ArrayNode leadingTo(String node, JsonNode live) {
        var target = JSON.arrayNode().add(version.target(node, ALL));
        try {
            return JSON.arrayNode()
                    .addAll(routes(routing.canary().apex(), matches(), target, null));
        } catch (Refusal unusable) {
            ArrayNode routes = live.deepCopy();
            routes.valueStream()
                    .map(Version::targets)
                    .filter(it -> it instanceof ArrayNode all && !all.isEmpty())
                    .forEach(it -> ((ArrayNode) it).removeAll().addAll(target.deepCopy()));
            return routes;
        }
    }

    /** Of an adopted router: ours among those that lead elsewhere. */
    ArrayNode among(ClusterObject found) {
        var ours = split();
        var users = RouteMetadata.original(found).orElse(found);
        Priorities.of(users.at(ROUTES), this::isOurs, AppMeshRoutes::catchesAll)
                .put(ours, "%s %s".formatted(found.ref().kind().name(), found.ref().dotted()));
        return AdoptedRules.merged(found.at(ROUTES), ours, this::isOurs, AppMeshRoutes::catchesAll);
    }

    /** True for a live route that leads to the application, on whichever side. */
    private boolean isOurs(JsonNode route) {
        return Version.targets(route)
                .valueStream()
                .map(Version::node)
                .anyMatch(
                        Set.of(routing.canary().apex(), routing.primary(), routing.candidate())
                                ::contains);
    }

    private static boolean catchesAll(JsonNode route) {
        return route.findValues("prefix").stream().anyMatch(it -> it.asText().equals("/"))
                && route.findValues("headers").isEmpty();
    }

    /** True when the live object already leads to the primary: what it was before is past. */
    boolean isTakenOver(ClusterObject live) {
        return live.at(ROUTES)
                .valueStream()
                .flatMap(route -> Version.targets(route).valueStream())
                .anyMatch(target -> Version.node(target).equals(routing.primary()));
    }

    /**
     * The split that these routes show for an apex; empty when none of them weighs its canary
     * against its primary. Who does not match has routes of the primary's alone.
     */
    static Optional<Split> shown(JsonNode routes, String apex) {
        boolean matched =
                routes.valueStream()
                        .map(Version::targets)
                        .anyMatch(
                                it ->
                                        weight(it, apex + "-primary").isPresent()
                                                && weight(it, apex + "-canary").isEmpty());
        return weighed(routes, apex).map(it -> it.matching(matched));
    }

    /** Puts all of an apex's canary onto its primary, in routes as they stand. */
    static void withdraw(JsonNode routes, String apex) {
        for (JsonNode route : routes) {
            Backends.withdraw(
                    Version.targets(route),
                    it -> Version.node(it).equals(apex + "-primary"),
                    it -> Version.node(it).equals(apex + "-canary"),
                    1);
        }
    }

    private static Optional<Split> weighed(JsonNode routes, String apex) {
        return routes.valueStream()
                .map(Version::targets)
                .flatMap(
                        targets ->
                                weight(targets, apex + "-primary")
                                        .flatMap(
                                                primary ->
                                                        weight(targets, apex + "-canary")
                                                                .map(
                                                                        canary ->
                                                                                Split.ofWeights(
                                                                                        primary,
                                                                                        canary)))
                                        .stream())
                .findFirst();
    }

    private static Optional<Integer> weight(JsonNode targets, String node) {
        return targets.valueStream()
                .filter(target -> Version.node(target).equals(node))
                .map(target -> target.path("weight").asInt())
                .findFirst();
    }

    private List<ObjectNode> matches() {
        List<JsonNode> entries = service().match() == null ? List.of() : service().match();
        return new Matches(version, protocol()).ofService(entries);
    }

    private ArrayNode both(int canary, int primary) {
        return JSON.arrayNode()
                .add(version.target(routing.candidate(), canary))
                .add(version.target(routing.primary(), primary));
    }

    /** One for each match; names and priorities are counted on from the first. */
    private List<ObjectNode> routes(
            String name, List<ObjectNode> matches, ArrayNode targets, @Nullable Integer priority) {
        List<ObjectNode> routes = new ArrayList<>();
        for (int i = 0; i < matches.size(); i++) {
            var route = JSON.objectNode().put("name", i == 0 ? name : name + "-" + (i + 1));
            if (priority != null) {
                route.put("priority", priority + i);
            }
            route.set(version.route(protocol()), action(matches.get(i), targets));
            routes.add(route);
        }
        return routes;
    }

    private ObjectNode action(ObjectNode match, ArrayNode targets) {
        var action = JSON.objectNode();
        action.set("match", match.deepCopy());
        if (version == Version.V1BETA2) {
            VirtualNodes.limit(service())
                    .ifPresent(
                            limit ->
                                    action.putObject("timeout")
                                            .set("perRequest", Version.millis(limit)));
        }
        if (service().retries() != null) {
            action.set("retryPolicy", Retries.policy(service().retries(), version, protocol()));
        }
        action.putObject("action").set("weightedTargets", targets.deepCopy());
        return action;
    }
}
