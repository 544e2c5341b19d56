package dev.serinus.trials.real;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRoute;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.HTTPRouteStatusBuilder;
import io.fabric8.kubernetes.api.model.gatewayapi.v1.RouteParentStatusBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Does what a gateway's controller does that takes every route of a namespace. */
public final class Acceptance implements AutoCloseable, ResourceEventHandler<HTTPRoute> {

    private final KubernetesClient admin;
    private final SharedIndexInformer<HTTPRoute> informer;

    public Acceptance(KubernetesClient admin, String namespace) {
        this.admin = admin;
        this.informer = admin.resources(HTTPRoute.class).inNamespace(namespace).inform(this);
    }

    @Override
    public void onAdd(HTTPRoute route) {
        var status = new HTTPRouteStatusBuilder();
        for (var parent : route.getSpec().getParentRefs()) {
            status.addToParents(
                    new RouteParentStatusBuilder()
                            .withControllerName("serinus.dev/trial")
                            .withParentRef(parent)
                            .withConditions(accepted(route))
                            .build());
        }
        try {
            var _ =
                    admin.resource(route)
                            .editStatus(
                                    newest -> {
                                        newest.setStatus(status.build());
                                        return newest;
                                    });
        } catch (KubernetesClientException overtaken) {
            // A newer version of the route, or its end, is on its way here.
        }
    }

    private static Condition accepted(HTTPRoute route) {
        return new ConditionBuilder()
                .withType("Accepted")
                .withStatus("True")
                .withReason("Accepted")
                .withMessage("")
                .withLastTransitionTime(Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                .withObservedGeneration(route.getMetadata().getGeneration())
                .build();
    }

    @Override
    public void onUpdate(HTTPRoute before, HTTPRoute route) {
        if (!before.getMetadata().getGeneration().equals(route.getMetadata().getGeneration())) {
            onAdd(route);
        }
    }

    @Override
    public void onDelete(HTTPRoute route, boolean finalStateUnknown) {
        // Nothing is left to be accepted.
    }

    @Override
    public void close() {
        informer.close();
    }
}
