package dev.serinus.router.scaler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.AutoscalerRef;
import dev.serinus.schemas.cluster.Kind;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Kubernetes' own autoscaler. It leaves a workload without pods alone. */
final class HorizontalPodAutoscaler implements Scaler {

    @Override
    public Kind kind() {
        return Kind.AUTOSCALER;
    }

    @Override
    public String title() {
        return "HorizontalPodAutoscaler";
    }

    @Override
    public void toPrimary(Target target, ObjectNode spec) {}

    @Override
    public void ask(AutoscalerRef ref, ObjectNode spec) {
        var bounds = ref.primaryScalerReplicas();
        if (bounds != null && bounds.minReplicas() != null) {
            spec.put("minReplicas", bounds.minReplicas());
        }
        if (bounds != null && bounds.maxReplicas() != null) {
            spec.put("maxReplicas", bounds.maxReplicas());
        }
    }

    /** It has no triggers. */
    @Override
    public List<String> misplaced(AutoscalerRef ref, JsonNode spec) {
        return Stream.of(
                        Map.entry("primaryScalerQueries", ref.primaryScalerQueries() != null),
                        Map.entry("primaryScalerTriggers", ref.primaryScalerTriggers() != null))
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .toList();
    }

    /** None, as in Flagger: controllers of old versions keep their state there. */
    @Override
    public void annotate(ClusterObject source, Edit copy) {}

    @Override
    public int minimum(ClusterObject scaler) {
        return scaler.at("/spec/minReplicas").asInt(1);
    }

    @Override
    public int least(ClusterObject scaler) {
        return minimum(scaler);
    }

    @Override
    public String minimumField() {
        return "minReplicas";
    }

    @Override
    public @Nullable String idleField() {
        return null;
    }

    @Override
    public int maximum(ClusterObject scaler) {
        return scaler.at("/spec/maxReplicas").asInt(Integer.MAX_VALUE);
    }

    @Override
    public boolean wakes() {
        return false;
    }

    @Override
    public void pause(Edit scaler) {}

    @Override
    public void resume(Edit scaler) {}
}
