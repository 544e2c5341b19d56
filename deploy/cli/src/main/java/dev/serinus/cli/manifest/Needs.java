package dev.serinus.cli.manifest;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.mesh.Mesh;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The objects of the user's own that a Canary's routes need, by what its spec names. */
final class Needs {

    /** Of Istio: the sidecars, and no object. */
    private static final String SIDECARS = "mesh";

    private static final String GATEWAY = "Gateway";

    private final Map<String, String> named = new LinkedHashMap<>();
    private final List<String> found = new ArrayList<>();

    private Needs(Canary canary) {
        var spec = canary.getSpec();
        if (spec.ingressRef() != null) {
            named.put(spec.ingressRef().kind(), spec.ingressRef().name());
        }
        if (spec.routeRef() != null) {
            named.put(spec.routeRef().kind(), spec.routeRef().name());
        }
        var upstream = spec.upstreamRef();
        if (upstream != null) {
            named.put(upstream.kind(), within(upstream.namespace()) + upstream.name());
        }
    }

    /** Kind and name of each, with its namespace where that is said; of some the kind alone. */
    static List<String> of(Canary canary, Mesh mesh) {
        var needs = new Needs(canary);
        mesh.reads().forEach(needs::read);
        CanaryService service = canary.getSpec().service();
        if (service != null) {
            needs.routes(service, mesh);
        }
        return needs.found.stream().distinct().toList();
    }

    private void read(Kind kind) {
        String name = named.get(kind.name());
        found.add(name == null ? kind.name() : kind.name() + " " + name);
    }

    /** Routes that are made need a gateway; those that are named have theirs. */
    private void routes(CanaryService service, Mesh mesh) {
        var routes = service.routeRefs();
        if (routes != null && !routes.isEmpty() && !mesh.steers().isEmpty()) {
            routes.forEach(each -> found.add(each.kind() + " " + each.name()));
        } else if (mesh.reads("gatewayRefs") && service.gatewayRefs() != null) {
            service.gatewayRefs().forEach(each -> found.add(parent(each)));
        } else if (mesh.reads("gateways") && service.gateways() != null) {
            service.gateways().stream()
                    .filter(each -> !each.equals(SIDECARS))
                    .forEach(each -> found.add(GATEWAY + " " + each));
        }
    }

    private static String parent(JsonNode ref) {
        return "%s %s%s"
                .formatted(
                        ref.path("kind").asText(GATEWAY),
                        within(ref.path("namespace").asText()),
                        ref.path("name").asText());
    }

    private static String within(@Nullable String namespace) {
        return namespace == null || namespace.isEmpty() ? "" : namespace + "/";
    }
}
