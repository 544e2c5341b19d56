package dev.serinus.router.route.traefik;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.AdoptedWeights;
import dev.serinus.router.route.AdoptedWeights.Owner;
import dev.serinus.router.route.Backends;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.RouteObject.Decoration;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Traefik;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Traefik: a TraefikService that weighs the primary against the canary; the user's IngressRoute
 * names it. Shapes are Flagger's (pkg/router/traefik.go), except that what was there before is
 * kept. A side without weight is left out on either side, not only the canary: Traefik drops the
 * whole TraefikService when one Service in it has no endpoints.
 */
public final class TraefikRouter implements Router {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String SERVICES = "/spec/weighted/services";

    @Override
    public Mesh mesh() {
        return Traefik.MESH;
    }

    @Override
    public List<Ref> routes(Canary canary) {
        return List.of(ref(canary));
    }

    private static Ref ref(Canary canary) {
        return Traefik.TRAEFIK_SERVICE.named(canary.getMetadata().getNamespace(), canary.apex());
    }

    @Override
    public boolean refusesFound() {
        return true;
    }

    @Override
    public List<RouteObject> wanted(Routing routing, Live live) {
        return List.of(
                new RouteObject(
                        ref(routing.canary()),
                        Decoration.ofApex(routing),
                        (edit, _) -> services(edit).addAll(sides(routing, JSON.objectNode())),
                        (edit, before) -> adopted(routing, edit, before),
                        before -> isTakenOver(routing, before)));
    }

    /** One that leads to something else would lose it: whoever calls it means that. */
    @Override
    public void refuseUnfit(Routing routing, ClusterObject found) {
        var spec = found.at("/spec");
        if (!spec.path("weighted").isObject()) {
            if (!spec.isEmpty()) {
                throw Refusal.invalid(
                        "TraefikService %s has spec.%s and no spec.weighted.services to shift weights in; give it another name, or the Canary another spec.service.name"
                                .formatted(found.ref().dotted(), spec.fieldNames().next()));
            }
            return;
        }
        var services = found.at(SERVICES);
        boolean leads =
                isTakenOver(routing, found)
                        || AdoptedWeights.ofApplication(
                                        services, it -> owner(routing, it), TraefikRouter::weight)
                                > 0;
        if (!leads && !services.isEmpty()) {
            throw Refusal.invalid(
                    "TraefikService %s sends nothing to Service %s; add it to spec.weighted.services, or give the Canary another spec.service.name"
                            .formatted(found.ref().dotted(), routing.canary().apex()));
        }
    }

    private static boolean isTakenOver(Routing routing, ClusterObject found) {
        return AdoptedWeights.has(found.at(SERVICES), it -> owner(routing, it), Owner.SIDE);
    }

    private static void adopted(Routing routing, Edit edit, ClusterObject found) {
        var live = found.at(SERVICES);
        var template = AdoptedWeights.template(live, it -> owner(routing, it));
        services(edit)
                .addAll(
                        AdoptedWeights.merged(
                                live,
                                sides(routing, template),
                                it -> owner(routing, it),
                                TraefikRouter::weight));
    }

    private static ArrayNode services(Edit edit) {
        return edit.spec().withObjectProperty("weighted").putArray("services");
    }

    private static List<ObjectNode> sides(Routing routing, ObjectNode template) {
        List<ObjectNode> sides = new ArrayList<>();
        if (routing.split().shares().primary() > 0) {
            sides.add(
                    backend(
                            routing,
                            template,
                            routing.primary(),
                            routing.split().shares().primary()));
        }
        if (routing.split().canaryWeight().isAny()) {
            sides.add(
                    backend(
                            routing,
                            template,
                            routing.candidate(),
                            routing.split().shares().canary()));
        }
        return sides;
    }

    private static ObjectNode backend(
            Routing routing, ObjectNode template, String name, int weight) {
        return template.deepCopy()
                .put("name", name)
                .put("namespace", routing.canary().getMetadata().getNamespace())
                .put("port", routing.service().port())
                .put("weight", weight);
    }

    private static Owner owner(Routing routing, JsonNode backend) {
        String home = routing.canary().getMetadata().getNamespace();
        if (isService(backend, routing.primary(), home)
                || isService(backend, routing.candidate(), home)) {
            return Owner.SIDE;
        }
        return isService(backend, routing.canary().apex(), home) ? Owner.APPLICATION : Owner.OTHER;
    }

    /** True for a Service of that name: others may have it in another namespace, or as a kind. */
    private static boolean isService(JsonNode backend, String name, String home) {
        return backend.path("name").asText().equals(name)
                && backend.path("kind").asText("Service").equals("Service")
                && backend.path("namespace").asText(home).equals(home);
    }

    /** Traefik takes a missing weight for 1. */
    private static long weight(JsonNode backend) {
        return Math.max(0, backend.path("weight").asLong(1));
    }

    @Override
    public Optional<Split> shown(ClusterObject object) {
        if (!object.ref().kind().equals(Traefik.TRAEFIK_SERVICE)) {
            return Optional.empty();
        }
        long primary = weightOf(object, "-primary");
        long canary = weightOf(object, "-canary");
        return primary < 0 && canary < 0
                ? Optional.empty()
                : Optional.of(Split.ofWeights(primary, canary));
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route) {
        String primary = canary.apex() + "-primary";
        String candidate = canary.apex() + "-canary";
        String home = canary.getMetadata().getNamespace();
        return edit -> {
            if (!(edit.spec().at("/weighted/services") instanceof ArrayNode services)) {
                return;
            }
            boolean onBoth = services.valueStream().anyMatch(it -> isService(it, primary, home));
            if (onBoth) {
                Backends.withdraw(
                        services,
                        it -> isService(it, primary, home),
                        it -> isService(it, candidate, home),
                        1);
                services.removeIf(it -> isService(it, candidate, home));
            } else {
                services.valueStream()
                        .filter(it -> isService(it, candidate, home))
                        .forEach(it -> ((ObjectNode) it).put("name", primary));
            }
        };
    }

    /** What a side weighs; negative when it is not there. */
    private static long weightOf(ClusterObject object, String side) {
        String name = object.ref().name() + side;
        return object.at(SERVICES)
                .valueStream()
                .filter(backend -> isService(backend, name, object.ref().namespace()))
                .mapToLong(TraefikRouter::weight)
                .reduce((_, last) -> last)
                .orElse(-1);
    }

    /** By it requests come in, from the IngressRoute that names it. */
    @Override
    public Optional<Consumer<Edit>> leadingToApex(Canary canary, ClusterObject route) {
        var routing = new Routing(canary, Split.PRIMARY, 0, "");
        return Optional.of(
                edit ->
                        services(edit)
                                .add(
                                        backend(
                                                routing,
                                                JSON.objectNode(),
                                                canary.apex(),
                                                AdoptedWeights.ALL)));
    }
}
