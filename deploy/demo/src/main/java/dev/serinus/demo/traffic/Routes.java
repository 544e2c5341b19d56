package dev.serinus.demo.traffic;

import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** The HTTPRoutes of one namespace, as they are now. */
public final class Routes implements AutoCloseable {

    private final Map<String, Route> known = new ConcurrentHashMap<>();
    private final SharedIndexInformer<HTTPRoute> watched;

    /**
     * From now on.
     *
     * @param seen is told of each as it becomes
     */
    public Routes(KubernetesClient client, String namespace, Consumer<HTTPRoute> seen) {
        watched =
                client.resources(HTTPRoute.class)
                        .inNamespace(namespace)
                        .inform(
                                new ResourceEventHandler<>() {
                                    @Override
                                    public void onAdd(HTTPRoute added) {
                                        known.put(added.getMetadata().getName(), Route.of(added));
                                        seen.accept(added);
                                    }

                                    @Override
                                    public void onUpdate(HTTPRoute before, HTTPRoute after) {
                                        onAdd(after);
                                    }

                                    @Override
                                    public void onDelete(HTTPRoute gone, boolean unknown) {
                                        known.remove(gone.getMetadata().getName());
                                    }
                                });
    }

    Collection<Route> all() {
        return known.values();
    }

    /** The weight of each service; empty before there is a route. */
    public Map<String, Integer> weights() {
        return known.values().stream()
                .flatMap(route -> route.backends().stream())
                .collect(
                        Collectors.toMap(
                                Route.Backend::service, Route.Backend::weight, (a, _) -> a));
    }

    @Override
    public void close() {
        watched.close();
    }
}
