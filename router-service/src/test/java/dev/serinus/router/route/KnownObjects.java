package dev.serinus.router.route;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.GatewayApi;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** All that is in a cluster, for what a router looks at before anything is made. */
public record KnownObjects(Map<Ref, ClusterObject> objects) implements Router.Found {

    /** Refuses the Canary by what is there. */
    public static void check(CanaryRoute route, Map<Ref, ClusterObject> objects) {
        route.check(
                new Routing(route.canary(), Split.PRIMARY, 1, "app"), new KnownObjects(objects));
    }

    /** The same, and every Gateway that somebody names. */
    static Router.Live andGateways(Map<Ref, ClusterObject> objects) {
        return ref ->
                ref.kind().group().equals(GatewayApi.GROUP) && ref.kind().name().equals("Gateway")
                        ? ClusterObject.blank(ref)
                        : objects.get(ref);
    }

    @Override
    public @Nullable ClusterObject find(Ref ref) {
        return objects.get(ref);
    }

    @Override
    public List<ClusterObject> all(Kind kind, String namespace) {
        return objects.values().stream()
                .filter(it -> it.ref().kind().equals(kind))
                .filter(
                        it ->
                                !kind.isNamespaced()
                                        || namespace.isEmpty()
                                        || it.ref().namespace().equals(namespace))
                .toList();
    }
}
