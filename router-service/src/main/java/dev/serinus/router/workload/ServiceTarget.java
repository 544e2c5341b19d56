package dev.serinus.router.workload;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.targets.ReleasedService;
import dev.serinus.schemas.targets.TargetKind;

import java.util.Optional;

/**
 * A Kubernetes Service, which its author turns from one version of the application to the next:
 * Flagger's pkg/canary/service_controller.go. Each side is a copy of it; what runs behind them is
 * its author's.
 */
final class ServiceTarget implements TargetWithoutPods {

    @Override
    public TargetKind target() {
        return TargetKind.SERVICE;
    }

    @Override
    public Optional<Ref> candidate(ClusterObject target) {
        return Optional.of(kind().named(target.ref().namespace(), target.ref().name() + "-canary"));
    }

    @Override
    public String revision(ClusterObject target) {
        return ReleasedService.revision(target.at("/spec"));
    }

    @Override
    public ObjectNode selector(ClusterObject target) {
        return target.at("/spec/selector") instanceof ObjectNode selector
                ? selector.deepCopy()
                : JsonNodeFactory.instance.objectNode();
    }

    /** As in Flagger: a Service that is there serves. */
    @Override
    public int available(ClusterObject workload) {
        return 1;
    }
}
