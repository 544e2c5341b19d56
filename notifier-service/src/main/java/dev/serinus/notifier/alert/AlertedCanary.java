package dev.serinus.notifier.alert;

import dev.serinus.schemas.canary.SpecSize;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ObjectMeta;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All that this service keeps of a Canary.
 *
 * @param alerts spec.analysis.alerts, in order
 * @param targetKind kind of what is released
 * @param targetName its name
 * @param metadata its labels and annotations, those that are short; none where it has no alerts
 */
public record AlertedCanary(
        List<AlertRule> alerts,
        String targetKind,
        String targetName,
        Map<String, String> metadata) {

    private static final int MOST_METADATA = 50;
    private static final int LONGEST_METADATA = 256;

    public AlertedCanary {
        alerts = List.copyOf(alerts);
        metadata = Map.copyOf(metadata);
    }

    /** Reads a Canary. */
    public static AlertedCanary of(GenericKubernetesResource canary) {
        List<AlertRule> alerts = AlertRule.of(canary);
        Map<?, ?> target =
                SpecSize.specOf(canary).get("targetRef") instanceof Map<?, ?> ref ? ref : Map.of();
        return new AlertedCanary(
                alerts,
                target.get("kind") instanceof String kind ? kind : "",
                target.get("name") instanceof String name ? name : "",
                alerts.isEmpty() ? Map.of() : metadata(canary.getMetadata()));
    }

    /** About how many bytes of memory it takes. */
    public long bytes() {
        Stream<String> named =
                alerts.stream()
                        .flatMap(
                                each ->
                                        Stream.of(
                                                each.name(),
                                                each.providerName(),
                                                each.providerNamespace()));
        Stream<String> metadataTexts =
                metadata.entrySet().stream()
                        .flatMap(each -> Stream.of(each.getKey(), each.getValue()));
        return 500
                + Stream.concat(named, metadataTexts)
                        .mapToLong(each -> 60 + 2L * each.length())
                        .sum();
    }

    /** Annotations before labels of the same name, as they are the longer ones. */
    private static Map<String, String> metadata(ObjectMeta of) {
        Map<String, String> all = new TreeMap<>();
        Stream.of(of.getLabels(), of.getAnnotations())
                .filter(Objects::nonNull)
                .flatMap(each -> each.entrySet().stream())
                .filter(each -> each.getValue() != null)
                .filter(each -> each.getValue().length() <= LONGEST_METADATA)
                .limit(MOST_METADATA)
                .forEach(each -> all.put(each.getKey(), each.getValue()));
        return all;
    }
}
