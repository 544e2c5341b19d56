package dev.serinus.router.route.gatewayapi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.AdoptedRules;
import dev.serinus.router.route.Affinity;
import dev.serinus.router.route.Backends;
import dev.serinus.router.route.RouteMetadata;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.RouteObject.Decoration;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.SharedLists;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.GatewayApi;
import dev.serinus.schemas.mesh.Mesh;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Gateway API: an HTTPRoute that weighs the primary against the canary. Shapes are Flagger's
 * (pkg/router/gateway_api.go), except that what was there before is kept and a condition that
 * cannot be translated is refused.
 */
public final class GatewayApiRouter extends GatewayRouter {

    private static final String HOSTNAMES = "hostnames";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Kind kind;

    /**
     * @param mesh one of the versions of {@link GatewayApi}
     */
    public GatewayApiRouter(Mesh mesh) {
        super(mesh);
        this.kind = mesh.writes().getFirst();
    }

    @Override
    public boolean serves(Canary canary, Mesh asked) {
        return super.serves(canary, asked) && !UserRoutes.areNamed(canary);
    }

    @Override
    public List<Ref> routes(Canary canary) {
        return List.of(ref(canary));
    }

    private Ref ref(Canary canary) {
        return kind.named(canary.getMetadata().getNamespace(), canary.apex());
    }

    @Override
    public List<RouteObject> wanted(Routing routing, Live live) {
        var parents = routing.service().gatewayRefs();
        if (parents == null || parents.isEmpty()) {
            throw Refusal.invalid(
                    "GatewayRefs must be specified when using Gateway API as a provider.");
        }
        var rendering = new HttpRules(routing);
        var ref = ref(routing.canary());
        var there = live.find(ref);
        refuseSteered(routing.canary(), there);
        if (there != null) {
            gateways(live).refuseAbsent(parents, ref.namespace(), there);
        }
        return List.of(
                new RouteObject(
                        ref,
                        Decoration.ofApex(routing),
                        (edit, found) -> made(rendering, parents, edit, found),
                        (edit, found) -> adopted(rendering, parents, edit, found),
                        rendering::isTakenOver));
    }

    @Override
    public boolean refusesFound() {
        return true;
    }

    @Override
    public void check(Routing atRest, Found live) {
        var parents = atRest.service().gatewayRefs();
        if (parents != null) {
            gateways(live).refuseAbsent(parents, ref(atRest.canary()).namespace(), live);
        }
    }

    /** A rule of the Canary's leads to its two sides alone. */
    @Override
    public void refuseUnfit(Routing routing, ClusterObject found) {
        var rendering = new HttpRules(routing);
        var rules = found.at("/spec/rules");
        for (int i = 0; i < rules.size(); i++) {
            if (rendering.isOurs(rules.path(i)) && rendering.leadsToOthers(rules.path(i))) {
                throw Refusal.invalid(
                        "HTTPRoute %s leads to others than Service %s in the same rule (spec.rules[%d].backendRefs), which would lose their share; give them a rule of their own, or name the route in spec.service.routeRefs in place of gatewayRefs"
                                .formatted(found.ref().dotted(), routing.canary().apex(), i));
            }
        }
    }

    /** By its routeRefs another Canary may have this route. */
    private static void refuseSteered(Canary canary, @Nullable ClusterObject found) {
        if (found != null) {
            UserRoutes.of(found)
                    .filter(it -> !it.equals(UserRoutes.of(canary)))
                    .ifPresent(
                            other -> {
                                throw Refusal.invalid(
                                        "HTTPRoute %s is steered by another Canary already (%s, spec.service.routeRefs); give one of both another spec.service.name, or another route"
                                                .formatted(found.ref().dotted(), other.apex()));
                            });
        }
    }

    private static void made(
            HttpRules rendering, List<JsonNode> parents, Edit edit, @Nullable ClusterObject found) {
        var hosts = hosts(rendering);
        edit.withoutAnnotations(key -> key.startsWith(ClusterObject.STEERED))
                .spec("parentRefs", parents(parents))
                .spec(HOSTNAMES, hosts.isEmpty() ? null : hosts)
                .spec("rules", JSON.arrayNode().addAll(rules(rendering, found)));
    }

    private static void adopted(
            HttpRules rendering, List<JsonNode> parents, Edit edit, ClusterObject found) {
        var steered = UserRoutes.of(found).flatMap(it -> it.restored(found));
        steered.ifPresent(
                users -> {
                    edit.withoutAnnotations(key -> key.startsWith(ClusterObject.STEERED));
                    RouteMetadata.keepOriginal(users, edit);
                });
        JsonNode live = found.at("/spec/rules");
        ClusterObject users = steered.or(() -> users(rendering, found)).orElse(null);
        var rules = rendering.adopted(found, users);
        var hosts = hosts(rendering);
        var lists = new SharedLists(found, !rendering.isTakenOver(found));
        // None means all of the listener's: with one the others would lose all that it says.
        var names =
                lists.isAbsent(HOSTNAMES, hosts)
                        ? JSON.arrayNode()
                        : lists.merged(HOSTNAMES, hosts);
        lists.note(edit);
        edit.spec("parentRefs", parents(parents, users))
                .spec(HOSTNAMES, names.isEmpty() ? null : names)
                // Gateway API prefers the more specific match, wherever it stands.
                .spec("rules", AdoptedRules.merged(live, rules, rendering::isOurs, _ -> false));
    }

    /** The route as its user has it; empty where nobody noted that. */
    private static Optional<ClusterObject> users(HttpRules rendering, ClusterObject found) {
        return rendering.isTakenOver(found) ? RouteMetadata.original(found) : Optional.of(found);
    }

    private static List<ObjectNode> rules(HttpRules rendering, @Nullable ClusterObject found) {
        return rendering.rules(rendering.routing().live(found, "/spec/rules"));
    }

    private static ArrayNode hosts(HttpRules rendering) {
        var hosts = JSON.arrayNode();
        if (rendering.routing().service().hosts() != null) {
            rendering.routing().service().hosts().forEach(hosts::add);
        }
        return hosts;
    }

    /** As written, with what the Canary's schema and the API server would both fill in. */
    private static ArrayNode parents(List<JsonNode> refs) {
        var parents = JSON.arrayNode();
        for (JsonNode ref : refs) {
            ObjectNode parent = ref.deepCopy();
            if (!parent.has("group")) {
                parent.put("group", GatewayApi.GROUP);
            }
            if (!parent.has("kind")) {
                parent.put("kind", "Gateway");
            }
            parents.add(parent);
        }
        return parents;
    }

    /** The same, and gateways of the user's that the Canary does not name. */
    private static ArrayNode parents(List<JsonNode> refs, @Nullable ClusterObject users) {
        var parents = parents(refs);
        if (users != null) {
            var named = parents.valueStream().map(it -> gateway(users, it)).toList();
            users.at("/spec/parentRefs")
                    .valueStream()
                    .filter(it -> !named.contains(gateway(users, it)))
                    .forEach(parents::add);
        }
        return parents;
    }

    private static List<String> gateway(ClusterObject route, JsonNode parent) {
        return Stream.of("group", "kind", "namespace", "name")
                .map(field -> Parents.field(route, parent, field))
                .toList();
    }

    @Override
    public Optional<Affinity.Shown> cookies(Canary canary, ClusterObject route) {
        return Affinity.shown(canary, HttpRules.cookies(route.at("/spec/rules")));
    }

    @Override
    public Optional<Split> shown(ClusterObject object) {
        if (!object.ref().kind().equals(kind)) {
            return Optional.empty();
        }
        String primary = object.ref().name() + "-primary";
        String candidate = object.ref().name() + "-canary";
        String baseline = object.ref().name() + "-baseline";
        String home = object.ref().namespace();
        Optional<Split> split = Optional.empty();
        boolean mirrored = false;
        @Nullable Weight share = null;
        boolean matched = false;
        for (JsonNode rule : object.at("/spec/rules")) {
            for (JsonNode filter : rule.path("filters")) {
                if (mirrorsTo(filter, candidate, home)) {
                    mirrored = true;
                    share = Split.percentOf(filter.at("/requestMirror/percent"));
                }
            }
            // Who does not match has a rule of the primary's alone.
            matched |= leadsTo(rule, primary, home) && !leadsTo(rule, candidate, home);
            var before = split;
            // Rules for cookies come first, the one that weighs last.
            split =
                    Split.ofBackends(
                                    rule.path("backendRefs"),
                                    it -> HttpRules.isService(it, candidate, home),
                                    it -> HttpRules.isService(it, baseline, home),
                                    1)
                            .or(() -> before);
        }
        boolean copies = mirrored;
        var copied = share;
        boolean conditional = matched;
        return split.map(it -> it.mirroring(copies).copying(copied).matching(conditional));
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route) {
        String candidate = canary.apex() + "-canary";
        String home = canary.getMetadata().getNamespace();
        return edit -> {
            for (JsonNode rule : edit.spec().path("rules")) {
                withdraw(canary, rule);
                if (rule.path("filters") instanceof ArrayNode filters) {
                    filters.removeIf(it -> mirrorsTo(it, candidate, home));
                    if (filters.isEmpty()) {
                        ((ObjectNode) rule).remove("filters");
                    }
                }
            }
        };
    }

    /** What canary and baseline have of a rule is the primary's. */
    static void withdraw(Canary canary, JsonNode rule) {
        String primary = canary.apex() + "-primary";
        String home = canary.getMetadata().getNamespace();
        var others = Set.of(canary.apex() + "-canary", canary.apex() + "-baseline");
        Backends.withdraw(
                rule.path("backendRefs"),
                it -> HttpRules.isService(it, primary, home),
                it -> others.stream().anyMatch(other -> HttpRules.isService(it, other, home)),
                1);
    }

    private static boolean mirrorsTo(JsonNode filter, String service, String home) {
        return HttpRules.isService(filter.at("/requestMirror/backendRef"), service, home);
    }

    private static boolean leadsTo(JsonNode rule, String service, String home) {
        return rule.path("backendRefs")
                .valueStream()
                .anyMatch(it -> HttpRules.isService(it, service, home));
    }
}
