package dev.serinus.router.route.smi;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Smi;

import io.fabric8.kubernetes.api.model.Quantity;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Meshes that are steered by SMI: a TrafficSplit of the root Service between canary and primary.
 * Shapes are Flagger's (pkg/router/smi.go, smi_v1alpha2.go, smi_v1alpha3.go), the canary first. A
 * mesh looks at calls of the root Service, so nothing is left of it when the Canary goes.
 */
public final class SmiRouter implements Router {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Mesh mesh;
    private final Kind trafficSplit;

    /**
     * @param mesh one that writes a TrafficSplit, of whichever version
     */
    public SmiRouter(Mesh mesh) {
        this.mesh = mesh;
        this.trafficSplit = mesh.writes().getFirst();
    }

    @Override
    public Mesh mesh() {
        return mesh;
    }

    @Override
    public List<Ref> routes(Canary canary) {
        return List.of(trafficSplit(canary));
    }

    private Ref trafficSplit(Canary canary) {
        return trafficSplit.named(canary.getMetadata().getNamespace(), canary.apex());
    }

    @Override
    public List<RouteObject> wanted(Routing routing, Live live) {
        return List.of(
                new RouteObject(
                        trafficSplit(routing.canary()),
                        null,
                        (edit, _) -> split(routing, edit),
                        (edit, _) -> split(routing, edit),
                        found -> weights(found, routing.primary(), routing.candidate()) != null));
    }

    /**
     * The backends are replaced whole, also where they were there before us: whatever else stood
     * among them would have a share that nobody analyses.
     */
    private void split(Routing routing, Edit edit) {
        edit.spec("service", JSON.textNode(root(routing)))
                .spec("backends", backends(routing.canary().apex(), routing.split()));
    }

    private JsonNode backends(String apex, Split split) {
        return JSON.arrayNode()
                .add(backend(apex + "-canary", split.shares().canary()))
                .add(backend(apex + "-primary", split.shares().primary()));
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route) {
        return edit -> edit.spec("backends", backends(canary.apex(), Split.PRIMARY));
    }

    /**
     * The Service whose calls are split: the first host, which Flagger takes for it, where it names
     * one of the namespace. Hosts of other meshes' manifests name none.
     */
    private static String root(Routing routing) {
        var hosts = routing.service().hosts();
        String namespace = routing.canary().getMetadata().getNamespace();
        return hosts == null || hosts.isEmpty() || !Smi.isRoot(hosts.getFirst(), namespace)
                ? routing.canary().apex()
                : hosts.getFirst();
    }

    private JsonNode backend(String service, int weight) {
        var backend = JSON.objectNode().put("service", service);
        // A quantity in the first version, a number since.
        return trafficSplit.version().equals("v1alpha1")
                ? backend.put("weight", String.valueOf(weight))
                : backend.put("weight", weight);
    }

    @Override
    public Optional<Split> shown(ClusterObject object) {
        if (!object.ref().kind().equals(trafficSplit)) {
            return Optional.empty();
        }
        String apex = object.ref().name();
        return Optional.ofNullable(weights(object, apex + "-primary", apex + "-canary"))
                .map(weights -> Split.ofWeights(weights.primary(), weights.canary()));
    }

    /** In thousandths: a quantity may be one. */
    private record Weights(long primary, long canary) {}

    /** Null where it does not lead to both sides, or nothing leads anywhere. */
    private static @Nullable Weights weights(
            ClusterObject object, String primary, String candidate) {
        var backends = object.at("/spec/backends");
        var weights = new Weights(weight(backends, primary), weight(backends, candidate));
        return weights.primary() + weights.canary() > 0 ? weights : null;
    }

    private static long weight(JsonNode backends, String service) {
        return backends.valueStream()
                .filter(it -> it.path("service").asText().equals(service))
                .findFirst()
                .map(it -> thousandths(it.path("weight").asText()))
                .orElse(0L);
    }

    /** Nothing for a text that is no quantity. */
    private static long thousandths(String quantity) {
        try {
            var number = Quantity.getAmountInBytes(Quantity.parse(quantity));
            return Math.max(0, number.movePointRight(3).longValue());
        } catch (IllegalArgumentException none) {
            return 0;
        }
    }
}
