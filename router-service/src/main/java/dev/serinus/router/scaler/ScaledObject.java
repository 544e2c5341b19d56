package dev.serinus.router.scaler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.workload.Labels;
import dev.serinus.schemas.canary.AutoscalerRef;
import dev.serinus.schemas.cluster.Kind;

import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * KEDA's autoscaler. It brings a workload without pods up whenever its triggers say so, and its
 * queries name the workload whose pods they count.
 */
final class ScaledObject implements Scaler {

    /** KEDA holds the workload at this many pods. */
    private static final String PAUSED = "autoscaling.keda.sh/paused-replicas";

    private static final String QUERY = "query";

    /** Where it says none. */
    private static final int KEDAS_MAXIMUM = 100;

    @Override
    public Kind kind() {
        return Kind.SCALED_OBJECT;
    }

    @Override
    public String title() {
        return "Keda ScaledObject";
    }

    @Override
    public void toPrimary(String target, ObjectNode spec) {
        if (spec.at("/advanced/horizontalPodAutoscalerConfig") instanceof ObjectNode made
                && !made.path("name").asText().isEmpty()) {
            // KEDA makes an autoscaler of this name; two of one name would fight over it.
            made.put("name", made.path("name").asText() + "-primary");
        }
        for (JsonNode trigger : spec.path("triggers")) {
            if (trigger.path("metadata") instanceof ObjectNode metadata && metadata.has(QUERY)) {
                metadata.put(QUERY, aboutPrimary(metadata.path(QUERY).asText(), target));
            }
        }
    }

    @Override
    public void ask(AutoscalerRef ref, ObjectNode spec) {
        var bounds = ref.primaryScalerReplicas();
        if (bounds != null && bounds.minReplicas() != null) {
            spec.put("minReplicaCount", bounds.minReplicas());
        }
        if (bounds != null && bounds.maxReplicas() != null) {
            spec.put("maxReplicaCount", bounds.maxReplicas());
        }
        var queries =
                Objects.requireNonNullElse(ref.primaryScalerQueries(), Map.<String, String>of());
        for (JsonNode trigger : spec.path("triggers")) {
            String query = queries.get(trigger.path("name").asText());
            if (query != null
                    && trigger.path("metadata") instanceof ObjectNode metadata
                    && metadata.has(QUERY)) {
                metadata.put(QUERY, query);
            }
        }
    }

    /**
     * Names the primary wherever the target or its canary Service is named. Flagger also replaces
     * within longer words, and a second time what names the primary already.
     */
    private static String aboutPrimary(String query, String target) {
        var named =
                Pattern.compile(
                        "(?<![A-Za-z0-9])%s(-canary(?![A-Za-z0-9])|(?![A-Za-z0-9])(?!-primary(?![A-Za-z0-9])))"
                                .formatted(Pattern.quote(target)));
        return named.matcher(query).replaceAll(Matcher.quoteReplacement(target + "-primary"));
    }

    /** All but Flux's, ours, and the pause, which is the target's. */
    @Override
    public void annotate(ClusterObject source, Edit copy) {
        Labels.withoutFlux(source.annotations())
                .forEach(
                        (key, value) -> {
                            if (!key.equals(PAUSED) && !key.startsWith(ClusterObject.OURS)) {
                                copy.annotate(key, value);
                            }
                        });
    }

    /** None where it does not say. */
    @Override
    public int minimum(ClusterObject scaler) {
        return scaler.at("/spec/minReplicaCount").asInt(0);
    }

    @Override
    public int least(ClusterObject scaler) {
        return scaler.at("/spec/idleReplicaCount").asInt(minimum(scaler));
    }

    @Override
    public String minimumField() {
        return "minReplicaCount";
    }

    @Override
    public String idleField() {
        return "idleReplicaCount";
    }

    @Override
    public int maximum(ClusterObject scaler) {
        return scaler.at("/spec/maxReplicaCount").asInt(KEDAS_MAXIMUM);
    }

    @Override
    public boolean wakes() {
        return true;
    }

    @Override
    public void pause(Edit scaler) {
        scaler.annotate(PAUSED, "0");
    }

    @Override
    public void resume(Edit scaler) {
        scaler.withoutAnnotations(PAUSED::equals);
    }
}
