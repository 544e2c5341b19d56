package dev.serinus.router.route.gloo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.route.AdoptedWeights.Owner;
import dev.serinus.router.route.RouteObject;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Gloo;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;

/**
 * The Upstreams of one Canary: one for each side, with what the user's own Upstream says of
 * connections. They name a Service and no pods, which Flagger copies from the Service once: what a
 * copy says would stay when the Service's selector changes.
 *
 * @param port of the Services, which is part of their names
 */
record Upstreams(Canary canary, int port) {

    /** What is taken from the user's Upstream, as in Flagger. */
    private static final List<String> COPIED =
            List.of(
                    "labels",
                    "sslConfig",
                    "circuitBreakers",
                    "connectionConfig",
                    "loadBalancerConfig",
                    "useHttp2",
                    "initialStreamWindowSize",
                    "initialConnectionWindowSize",
                    "httpProxyHostName");

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String PRIMARY = "-primaryupstream-";
    private static final String CANARY = "-canaryupstream-";
    private static final String SUBSETS = "subsetSpec";

    Ref primary() {
        return Gloo.UPSTREAM.named(namespace(), stem() + PRIMARY + port);
    }

    Ref candidate() {
        return Gloo.UPSTREAM.named(namespace(), stem() + CANARY + port);
    }

    /** The user's Upstream that ours are made after; empty when there is none. */
    Optional<Ref> settings() {
        var named = canary.getSpec().upstreamRef();
        if (named == null) {
            return Optional.empty();
        }
        String other = named.namespace();
        return Optional.of(
                Gloo.UPSTREAM.named(
                        other == null || other.isEmpty() ? namespace() : other, named.name()));
    }

    private String namespace() {
        return canary.getMetadata().getNamespace();
    }

    private String stem() {
        return namespace() + "-" + canary.apex();
    }

    /**
     * The primary's and the canary's, in the order in which they are written.
     *
     * @param subsets the keys of each kind of subset that a route leads to: Gloo rejects a route to
     *     a subset that the Upstream does not tell apart
     */
    List<RouteObject> wanted(@Nullable ClusterObject settings, List<List<String>> subsets) {
        return List.of(
                upstream(primary(), canary.apex() + "-primary", settings, subsets),
                upstream(candidate(), canary.apex() + "-canary", settings, subsets));
    }

    private RouteObject upstream(
            Ref ref, String service, @Nullable ClusterObject settings, List<List<String>> subsets) {
        return new RouteObject(
                ref,
                null,
                (edit, _) -> {
                    leadTo(service, edit);
                    edit.spec().withObjectProperty("kube").remove(List.of("selector", SUBSETS));
                    tellApart(subsets, edit);
                    copy(settings, edit);
                },
                (edit, _) -> {
                    leadTo(service, edit);
                    tellApart(subsets, edit);
                    copy(settings, edit);
                },
                _ -> false);
    }

    private static void tellApart(List<List<String>> subsets, Edit edit) {
        if (!subsets.isEmpty()) {
            var selectors =
                    edit.spec().withObjectProperty("kube").putObject(SUBSETS).putArray("selectors");
            subsets.forEach(keys -> keys.forEach(selectors.addObject().putArray("keys")::add));
        }
    }

    private void leadTo(String service, Edit edit) {
        edit.spec()
                .withObjectProperty("kube")
                .put("serviceName", service)
                .put("serviceNamespace", namespace())
                .put("servicePort", port);
    }

    private static void copy(@Nullable ClusterObject settings, Edit edit) {
        if (settings != null) {
            COPIED.forEach(field -> edit.spec(field, settings.at("/spec").path(field).deepCopy()));
        }
    }

    /** True for an Upstream of one of the sides, of whatever port. */
    boolean isOfSide(Ref upstream) {
        return upstream.namespace().equals(namespace()) && isOfSide(upstream.name());
    }

    private boolean isOfSide(String name) {
        return name.startsWith(stem() + PRIMARY) || name.startsWith(stem() + CANARY);
    }

    /** Whose a destination of a route is: by one of these, by Gloo's own for the apex, or by it. */
    Owner owner(JsonNode destination) {
        var to = destination.path("destination");
        String name = to.at("/upstream/name").asText();
        if (isOfSide(name)) {
            return Owner.SIDE;
        }
        var service = JSON.objectNode().put("name", canary.apex()).put("namespace", namespace());
        boolean discovered =
                name.startsWith(stem() + "-")
                        && name.substring(stem().length() + 1).chars().allMatch(Character::isDigit);
        return discovered || to.at("/kube/ref").equals(service) ? Owner.APPLICATION : Owner.OTHER;
    }

    /** The side's share in a list of destinations; negative when it is not in it. */
    static long weight(JsonNode destinations, String route, String namespace, boolean ofCanary) {
        return destinations
                .valueStream()
                .filter(it -> isOf(it, route, namespace, ofCanary))
                .mapToLong(it -> it.path("weight").asLong())
                .findFirst()
                .orElse(-1);
    }

    /** True for a destination that is the side's Upstream, of whichever port. */
    static boolean isOf(JsonNode destination, String route, String namespace, boolean ofCanary) {
        String stem = namespace + "-" + route + (ofCanary ? CANARY : PRIMARY);
        return destination.at("/destination/upstream/name").asText().startsWith(stem);
    }
}
