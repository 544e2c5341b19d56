package dev.serinus.demo.traffic;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteStatusBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.ParentReference;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.RouteParentStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Says in the route's status that the gateway has taken it over, with the generation it has: a
 * gateway controller does so, and Flagger's router waits for it.
 */
final class RouteStatus implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RouteStatus.class);
    private static final String CONTROLLER = "serinus.dev/demo-gateway";

    private final KubernetesClient client;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("gateway-status").factory());

    RouteStatus(KubernetesClient client) {
        this.client = client;
    }

    void accept(HTTPRoute route) {
        if (!accepted(route) && !thread.isShutdown()) {
            thread.execute(() -> write(route));
        }
    }

    private static boolean accepted(HTTPRoute route) {
        return route.getStatus() != null
                && route.getStatus().getParents() != null
                && !route.getStatus().getParents().isEmpty()
                && route.getStatus().getParents().stream()
                        .flatMap(parent -> parent.getConditions().stream())
                        .map(Condition::getObservedGeneration)
                        .allMatch(route.getMetadata().getGeneration()::equals);
    }

    private void write(HTTPRoute route) {
        var status = new HTTPRouteStatusBuilder();
        for (ParentReference parent : route.getSpec().getParentRefs()) {
            status.addToParents(
                    new RouteParentStatusBuilder()
                            .withControllerName(CONTROLLER)
                            .withParentRef(parent)
                            .withConditions(
                                    new ConditionBuilder()
                                            .withType("Accepted")
                                            .withStatus("True")
                                            .withReason("Accepted")
                                            .withMessage("")
                                            .withLastTransitionTime(
                                                    Instant.now()
                                                            .truncatedTo(ChronoUnit.SECONDS)
                                                            .toString())
                                            .withObservedGeneration(
                                                    route.getMetadata().getGeneration())
                                            .build())
                            .build());
        }
        route.setStatus(status.build());
        try {
            client.resource(route).updateStatus();
        } catch (KubernetesClientException overtaken) {
            // A newer version of the route is on its way here, and will be answered instead.
            log.atDebug()
                    .addKeyValue("because", overtaken.getMessage())
                    .log("status of an older route is not written");
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
