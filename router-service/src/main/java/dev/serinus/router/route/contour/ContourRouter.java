package dev.serinus.router.route.contour;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.ApexSettings;
import dev.serinus.router.route.Backends;
import dev.serinus.router.route.NamedAhead;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.RouteObject.Decoration;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.SharedLists;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Contour;
import dev.serinus.schemas.mesh.Mesh;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Contour: an HTTPProxy that weighs the primary against the canary; the user's root HTTPProxy
 * includes it, or is the one. Shapes are Flagger's (pkg/router/contour.go), except that what was
 * there before is kept and that every entry of a match counts.
 */
public final class ContourRouter implements Router {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String ROUTES = "/spec/routes";

    private final @Nullable String ingressClass;

    /**
     * @param ingressClass of what we make; null where Contour takes objects without one
     */
    public ContourRouter(@Nullable String ingressClass) {
        this.ingressClass = ingressClass;
    }

    @Override
    public Mesh mesh() {
        return Contour.MESH;
    }

    @Override
    public List<Ref> routes(Canary canary) {
        return List.of(ref(canary));
    }

    private static Ref ref(Canary canary) {
        return Contour.PROXY.named(canary.getMetadata().getNamespace(), canary.apex());
    }

    /** Protocol and limits towards a Service are read from its own annotations. */
    @Override
    public List<String> lost(Routing atRest, Found live) {
        return new ApexSettings(atRest, live).annotations(it -> it.startsWith(Contour.ANNOTATIONS));
    }

    @Override
    public boolean refusesFound() {
        return true;
    }

    /** A condition without a comparison is met by every request that has the header. */
    @Override
    public Map<String, String> younger() {
        String later = "; later Contour has it";
        return Map.of(
                "header.regex", "for a prefix, suffix or regex of a match" + later,
                "conditions.queryParameter", "for queryParams of a match" + later);
    }

    @Override
    public List<RouteObject> wanted(Routing routing, Live live) {
        var rendering = new ProxyRoutes(routing);
        var made = rendering.made();
        return List.of(
                new RouteObject(
                        ref(routing.canary()),
                        Decoration.ofApex(routing),
                        (edit, _) -> {
                            edit.spec("routes", made);
                            if (ingressClass != null) {
                                edit.spec("ingressClassName", JSON.textNode(ingressClass));
                            }
                        },
                        (edit, before) -> adopted(rendering, edit, before),
                        before -> rendering.isTakenOver(before.at(ROUTES))));
    }

    private static void adopted(ProxyRoutes rendering, Edit edit, ClusterObject before) {
        var shared = new SharedLists(before, !rendering.isTakenOver(before.at(ROUTES)));
        edit.spec("routes", rendering.adopted(before.at(ROUTES), shared.noted(SharedLists.MATCH)));
        shared.added(SharedLists.MATCH, rendering.routing().match());
        shared.note(edit);
    }

    @Override
    public void refuseUnfit(Routing routing, ClusterObject found) {
        var rendering = new ProxyRoutes(routing);
        if (found.at("/spec/tcpproxy").isObject()) {
            throw Refusal.invalid(
                    "HTTPProxy %s has spec.tcpproxy, which has no requests to divide; give the Canary another spec.service.name"
                            .formatted(found.ref().dotted()));
        }
        if (found.at(ROUTES).valueStream().anyMatch(rendering::leavesNothing)) {
            throw Refusal.invalid(
                    "HTTPProxy %s has a route in which Service %s has no weight; give it one, or give the Canary another spec.service.name"
                            .formatted(found.ref().dotted(), routing.canary().apex()));
        }
        var others =
                Stream.concat(
                                found.at(ROUTES)
                                        .valueStream()
                                        .filter(route -> !rendering.isOurs(route)),
                                found.at("/spec/includes").valueStream())
                        .map(it -> MatchConditions.normal(it.path("conditions")))
                        .toList();
        for (JsonNode route : rendering.adopted(found.at(ROUTES), List.of())) {
            if (rendering.isOurs(route)
                    && others.contains(MatchConditions.normal(route.path("conditions")))) {
                throw Refusal.invalid(
                        "HTTPProxy %s leads %s elsewhere already; say in spec.service.match what it serves, or give the Canary another spec.service.name and include that"
                                .formatted(
                                        found.ref().dotted(), route.path("conditions").toString()));
            }
        }
    }

    /** With matching requests and others, those that match are weighed and all others are not. */
    @Override
    public Optional<Split> shown(ClusterObject object) {
        if (!object.ref().kind().equals(Contour.PROXY)) {
            return Optional.empty();
        }
        String name = object.ref().name();
        return object.at(ROUTES)
                .valueStream()
                .map(route -> route.path("services"))
                .filter(services -> weight(services, name + "-canary") >= 0)
                .map(
                        services ->
                                Split.ofWeights(
                                        weight(services, name + "-primary"),
                                        weight(services, name + "-canary")))
                .reduce(Split::ofMatchingAndOthers);
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route) {
        String name = canary.apex();
        return edit -> {
            for (JsonNode one : edit.spec().path("routes")) {
                Backends.withdraw(
                        one.path("services"),
                        it -> isNamed(it, name + "-primary"),
                        it -> isNamed(it, name + "-canary"),
                        0);
            }
        };
    }

    private static boolean isNamed(JsonNode service, String name) {
        return !service.path("mirror").asBoolean() && service.path("name").asText().equals(name);
    }

    /** What a Service weighs; negative when it is not there. */
    private static long weight(JsonNode services, String name) {
        return services.valueStream()
                .filter(service -> isNamed(service, name))
                .map(ProxyRoutes.weights(services))
                .findFirst()
                .orElse(-1L);
    }

    @Override
    public Acceptance accepted(ClusterObject route, Found looked) {
        String dotted = route.ref().dotted();
        String canary = route.ref().name() + "-canary";
        for (JsonNode one : route.at(ROUTES)) {
            if (weight(one.path("services"), canary) >= 0
                    && one.path("conditions").valueStream().anyMatch(MatchConditions::isLost)) {
                return Acceptance.refused(
                        "HTTPProxy %s lost a condition when it was written: the definition of HTTPProxy in the cluster is older than Contour 1.26; apply a newer one"
                                .formatted(dotted));
            }
        }
        String status = route.at("/status/currentStatus").asText();
        for (JsonNode condition : route.at("/status/conditions")) {
            if (condition.path("type").asText().equals("Valid")) {
                long generation = route.at("/metadata/generation").asLong();
                long observed = condition.path("observedGeneration").asLong(generation);
                if (observed < generation) {
                    return Acceptance.unseen(
                            "HTTPProxy %s has not been seen by Contour since it was changed (observed generation: %d, current generation: %d)"
                                    .formatted(dotted, observed, generation));
                }
                return condition.path("status").asText().equals("True")
                        ? Acceptance.TAKEN
                        : Acceptance.refused(
                                "HTTPProxy %s is %s: %s"
                                        .formatted(
                                                dotted,
                                                status.isEmpty() ? "invalid" : status,
                                                said(condition)));
            }
        }
        return switch (status) {
            case "NotReconciled" ->
                    Acceptance.unseen(
                            "HTTPProxy %s has not been seen by Contour: %s; does it run, with the ingress class %s?"
                                    .formatted(
                                            dotted,
                                            route.at("/status/description").asText(),
                                            route.at("/spec/ingressClassName").asText("(none)")));
            case "invalid", "orphaned" ->
                    Acceptance.refused(
                            "HTTPProxy %s is %s: %s"
                                    .formatted(
                                            dotted,
                                            status,
                                            route.at("/status/description").asText()));
            default -> Acceptance.TAKEN;
        };
    }

    /** What is wrong with it, each with its reason. */
    private static String said(JsonNode condition) {
        String errors =
                condition
                        .path("errors")
                        .valueStream()
                        .map(
                                error ->
                                        error.path("reason").asText()
                                                + ": "
                                                + error.path("message").asText())
                        .collect(Collectors.joining("; "));
        return errors.isEmpty() ? condition.path("message").asText() : errors;
    }

    @Override
    public List<NamedAhead> namedAhead() {
        return List.of(ProxyRoutes.NAMED_AHEAD);
    }

    /** By it requests come in, from the root HTTPProxy that includes it. */
    @Override
    public Optional<Consumer<Edit>> leadingToApex(Canary canary, ClusterObject route) {
        var routes = new ProxyRoutes(new Routing(canary, Split.PRIMARY, 0, "")).toApex();
        return Optional.of(edit -> edit.spec("routes", routes));
    }
}
