package dev.serinus.router.route.nginx;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.CopyingRouter;
import dev.serinus.router.route.RouteCopy;
import dev.serinus.router.route.RouteMetadata;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.router.route.ingress.IngressBackends;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.HeaderOrCookie;
import dev.serinus.schemas.canary.IngressNames;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.mesh.Ingresses;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Nginx;

import org.jspecify.annotations.Nullable;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * NGINX Ingress: a copy of the user's Ingress with annotations that make it a canary of it. Shapes
 * are Flagger's (pkg/router/ingress.go), but that the copy has nothing except what leads to the
 * application.
 */
public final class NginxRouter extends CopyingRouter {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** What a weight is of where the copy does not say it. */
    private static final int ALL = 100;

    /** Ends the name of the annotation that says it, which controllers before 1.7 do not know. */
    private static final String TOTAL = "-weight-total";

    private final String prefix;
    private final String canary;

    /**
     * @param names how the installation's annotations begin
     */
    public NginxRouter(IngressNames names) {
        this.prefix = names.annotationsPrefix() + "/";
        this.canary = prefix + "canary";
    }

    @Override
    public Mesh mesh() {
        return Nginx.MESH;
    }

    @Override
    protected Optional<RouteCopy.Names> names(Canary canary) {
        return IngressBackends.names("ingress", canary);
    }

    @Override
    protected Refusal unnamed() {
        return IngressBackends.unnamed();
    }

    /** Of two canaries for a host and path the controller takes one. */
    @Override
    public List<String> lost(Routing atRest, Found live) {
        var canary = atRest.canary();
        var ref = reads(canary).getFirst();
        var source = live.find(ref);
        if (source == null) {
            return List.of();
        }
        var served = places(source);
        return live.all(ref.kind(), ref.namespace()).stream()
                .filter(it -> isCanary(it) && !it.isOwnedBy(canary))
                .filter(it -> places(it).stream().anyMatch(served::contains))
                .map(
                        it ->
                                "Ingress %s is a canary for a host and path of Ingress %s too (%s): the controller takes one canary for each, so that weights and headers of this one may do nothing; delete it, or give it another path"
                                        .formatted(it.ref().dotted(), ref.dotted(), this.canary))
                .toList();
    }

    private static Set<String> places(ClusterObject ingress) {
        Set<String> places = new HashSet<>();
        for (JsonNode rule : ingress.at("/spec/rules")) {
            for (JsonNode path : rule.path("http").path("paths")) {
                places.add(rule.path("host").asText() + path.path("path").asText("/"));
            }
        }
        return places;
    }

    @Override
    protected RouteObject rendered(Routing routing, RouteCopy copy) {
        return copy.with(
                spec(routing, copy),
                this::steers,
                annotations(routing, copy),
                found -> isCopy(routing, found));
    }

    @Override
    protected boolean isCopy(Routing routing, ClusterObject found) {
        return isCanary(found) && IngressBackends.leadsTo(found, routing.candidate()::equals);
    }

    private boolean steers(String key) {
        return key.startsWith(canary);
    }

    private boolean isCanary(ClusterObject ingress) {
        return "true".equals(ingress.annotation(canary));
    }

    /**
     * Only what leads to the application. NGINX takes the other backends of a canary, which Flagger
     * copies too, for canaries: where the copy is older than the Ingress that it was made from, as
     * when that was made anew, their paths in that Ingress are not served any more. And it crashes
     * on a canary's rule without paths.
     */
    private ObjectNode spec(Routing routing, RouteCopy copy) {
        var spec = copy.spec();
        if (copy.isStanding()) {
            return spec;
        }
        if (isCanary(copy.source())) {
            throw Refusal.retry(
                    "ingress %s is a canary itself, by its annotation %s; name the Ingress that it is a canary of in spec.ingressRef"
                            .formatted(copy.source().ref().dotted(), canary));
        }
        var rules = JSON.arrayNode();
        for (JsonNode rule : spec.path("rules")) {
            var paths = JSON.arrayNode();
            for (JsonNode path : rule.path("http").path("paths")) {
                if (isOurs(routing, copy, path.path("backend"))) {
                    paths.add(named(path));
                }
            }
            if (!paths.isEmpty() && rule.path("http") instanceof ObjectNode http) {
                http.set("paths", paths);
                rules.add(rule);
            }
        }
        boolean byDefault = isOurs(routing, copy, spec.path("defaultBackend"));
        if (rules.isEmpty() && !byDefault) {
            throw IngressBackends.notFound(routing, copy.source().ref());
        }
        if (!byDefault) {
            spec.remove("defaultBackend");
        }
        if (rules.isEmpty()) {
            spec.remove("rules");
        } else {
            spec.set("rules", rules);
        }
        return spec;
    }

    /** NGINX serves a path without a text as the root, but finds no canary for it by that. */
    private static JsonNode named(JsonNode path) {
        return path instanceof ObjectNode object && object.path("path").asText().isEmpty()
                ? object.put("path", "/")
                : path;
    }

    /** True for a backend that leads to the application, and to the canary from now on. */
    private static boolean isOurs(Routing routing, RouteCopy copy, JsonNode backend) {
        if (!IngressBackends.service(backend).equals(routing.canary().apex())) {
            return false;
        }
        IngressBackends.checkPort(routing, copy.source().ref(), backend);
        IngressBackends.lead(backend, routing.candidate());
        return true;
    }

    private Map<String, String> annotations(Routing routing, RouteCopy copy) {
        var split = routing.split();
        Map<String, String> ours = new LinkedHashMap<>(RouteMetadata.FLUX);
        ours.put(canary, "true");
        boolean byConditions = split.matched() && !routing.conditions().isEmpty();
        if (byConditions && split.canaryWeight().isAny()) {
            ours.put(canary + "-weight", "0");
            conditions(routing, ours);
            return ours;
        }
        ours.put(canary + "-weight", String.valueOf(split.shares().canary()));
        if (!split.canaryWeight().isAny()) {
            // Else whoever met the canary is led there by NGINX's cookie, however little it weighs.
            put(ours, affinityBehavior(copy.source()));
        } else {
            // Who asks for the canary gets it while there is one.
            copy.source().annotations().entrySet().stream()
                    .filter(it -> it.getKey().startsWith(canary + "-by-"))
                    .forEach(it -> ours.put(it.getKey(), it.getValue()));
        }
        return ours;
    }

    private Optional<Map.Entry<String, String>> affinityBehavior(ClusterObject source) {
        return source.annotation(prefix + "affinity") == null
                ? Optional.empty()
                : Optional.of(Map.entry(prefix + "affinity-canary-behavior", "legacy"));
    }

    private static void put(
            Map<String, String> ours, Optional<Map.Entry<String, String>> annotation) {
        annotation.ifPresent(it -> ours.put(it.getKey(), it.getValue()));
    }

    private void conditions(Routing routing, Map<String, String> ours) {
        if (Weight.ALL.isAbove(routing.split().canaryWeight())) {
            throw Refusal.invalid(
                    "spec.analysis.match: NGINX cannot lead a share of the requests that match to"
                        + " the canary; use iterations instead of weights, or leave the conditions"
                        + " out");
        }
        var found =
                HeaderOrCookie.of(
                        routing.conditions(),
                        (path, problem) -> {
                            throw Refusal.invalid("spec.analysis.match" + path + ": " + problem);
                        });
        putIfAny(ours, "-by-header", found.header());
        putIfAny(ours, "-by-header-value", found.value());
        putIfAny(ours, "-by-header-pattern", found.pattern());
        putIfAny(ours, "-by-cookie", found.cookie());
    }

    private void putIfAny(Map<String, String> ours, String suffix, @Nullable String value) {
        if (value != null) {
            ours.put(canary + suffix, value);
        }
    }

    /** A weight, or all of whom the conditions match, which NGINX asks before the weight. */
    @Override
    public Optional<Split> shown(ClusterObject object) {
        if (!object.ref().kind().equals(Ingresses.INGRESS)
                || !object.ref().name().endsWith("-canary")
                || !isCanary(object)
                || !IngressBackends.leadsTo(object, it -> it.endsWith("-canary"))) {
            return Optional.empty();
        }
        return weight(object.annotation(canary + "-weight"), object.annotation(canary + TOTAL))
                .map(
                        weight ->
                                !weight.isAny() && hasConditions(object)
                                        ? new Split(Weight.ALL, false, true)
                                        : Split.of(weight));
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary of, ClusterObject route) {
        return edit ->
                edit.annotate(canary + "-weight", "0")
                        .withoutAnnotations(
                                key ->
                                        key.startsWith(canary + "-by-")
                                                || key.equals(canary + TOTAL));
    }

    private boolean hasConditions(ClusterObject object) {
        return object.annotations().keySet().stream()
                .anyMatch(key -> key.startsWith(canary + "-by-"));
    }

    /** Empty for texts that are no share of anything. */
    private static Optional<Weight> weight(@Nullable String text, @Nullable String total) {
        var weight = number(text, 0);
        // A smaller total is none to NGINX.
        var all = number(total, ALL).map(it -> Math.max(ALL, it));
        return weight.isPresent() && all.isPresent() && weight.get() <= all.get()
                ? Optional.of(Weight.ofParts(weight.get(), all.get() - weight.get()))
                : Optional.empty();
    }

    private static Optional<Integer> number(@Nullable String text, int absent) {
        if (text == null) {
            return Optional.of(absent);
        }
        return text.matches("\\d{1,9}") ? Optional.of(Integer.parseInt(text)) : Optional.empty();
    }
}
