package dev.serinus.router.scaler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.workload.Labels;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.AutoscalerRef;
import dev.serinus.schemas.cluster.Kind;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * KEDA's autoscaler. It brings a workload without pods up whenever its triggers say so, and its
 * queries name the workload whose pods they count.
 */
final class ScaledObject implements Scaler {

    /** KEDA holds the workload at this many pods. */
    private static final String PAUSED = "autoscaling.keda.sh/paused-replicas";

    private static final String QUERY = "query";

    /** Of triggers that count pods. */
    private static final String POD_SELECTOR = "podSelector";

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
    public void toPrimary(Target target, ObjectNode spec) {
        if (spec.at("/advanced/horizontalPodAutoscalerConfig") instanceof ObjectNode made
                && !made.path("name").asText().isEmpty()) {
            // KEDA makes an autoscaler of this name; two of one name would fight over it.
            made.put("name", made.path("name").asText() + "-primary");
        }
        for (JsonNode trigger : spec.path("triggers")) {
            if (trigger.path("metadata") instanceof ObjectNode metadata) {
                if (metadata.has(QUERY)) {
                    String query = metadata.path(QUERY).asText();
                    metadata.put(QUERY, aboutPrimary(query, target.name()));
                }
                if (metadata.has(POD_SELECTOR)) {
                    String selector = metadata.path(POD_SELECTOR).asText();
                    metadata.put(POD_SELECTOR, ofPrimary(selector, target));
                }
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
        for (JsonNode trigger : spec.path("triggers")) {
            if (trigger.path("metadata") instanceof ObjectNode metadata) {
                String name = trigger.path("name").asText();
                String query = queries(ref).get(name);
                if (query != null && metadata.has(QUERY)) {
                    metadata.put(QUERY, query);
                }
                triggers(ref).getOrDefault(name, Map.of()).forEach(metadata::put);
            }
        }
    }

    private static Map<String, String> queries(AutoscalerRef ref) {
        return Objects.requireNonNullElse(ref.primaryScalerQueries(), Map.<String, String>of());
    }

    private static Map<String, Map<String, String>> triggers(AutoscalerRef ref) {
        return Objects.requireNonNullElse(
                ref.primaryScalerTriggers(), Map.<String, Map<String, String>>of());
    }

    @Override
    public List<String> misplaced(AutoscalerRef ref, JsonNode spec) {
        Set<String> named = new HashSet<>();
        Set<String> asking = new HashSet<>();
        for (JsonNode trigger : spec.path("triggers")) {
            String name = trigger.path("name").asText();
            named.add(name);
            if (trigger.path("metadata").has(QUERY)) {
                asking.add(name);
            }
        }
        return Stream.concat(
                        queries(ref).keySet().stream()
                                .filter(it -> !asking.contains(it))
                                .map(it -> "primaryScalerQueries." + it),
                        triggers(ref).keySet().stream()
                                .filter(it -> !named.contains(it))
                                .map(it -> "primaryScalerTriggers." + it))
                .sorted()
                .toList();
    }

    /**
     * Selects the primary's pods where the target's are selected by the label that tells both
     * apart. All else may mean other pods.
     */
    private static String ofPrimary(String selector, Target target) {
        String label = "(?<![A-Za-z0-9_./-])" + Pattern.quote(target.label());
        String value = Pattern.quote(target.value()) + "(?![A-Za-z0-9_.-])";
        String primary = "$1" + Matcher.quoteReplacement(target.primaryValue());
        String equal =
                Pattern.compile("(" + label + "\\s*(?:==?|!=)\\s*)" + value)
                        .matcher(selector)
                        .replaceAll(primary);
        return Pattern.compile(label + "\\s+(?:in|notin)\\s*\\([^)]*\\)")
                .matcher(equal)
                .replaceAll(
                        of ->
                                Matcher.quoteReplacement(
                                        of.group().replaceAll("([(,]\\s*)" + value, primary)));
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
