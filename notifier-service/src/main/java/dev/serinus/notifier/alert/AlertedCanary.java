package dev.serinus.notifier.alert;

import dev.serinus.schemas.canary.SpecSize;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import java.util.List;
import java.util.Map;

/**
 * All that this service keeps of a Canary.
 *
 * @param alerts spec.analysis.alerts, in order
 * @param targetKind kind of what is released
 * @param targetName its name
 */
public record AlertedCanary(List<AlertRule> alerts, String targetKind, String targetName) {

    public AlertedCanary {
        alerts = List.copyOf(alerts);
    }

    /** Reads a Canary. */
    public static AlertedCanary of(GenericKubernetesResource canary) {
        return SpecSize.specOf(canary).get("targetRef") instanceof Map<?, ?> target
                ? new AlertedCanary(
                        AlertRule.of(canary),
                        target.get("kind") instanceof String kind ? kind : "",
                        target.get("name") instanceof String name ? name : "")
                : new AlertedCanary(AlertRule.of(canary), "", "");
    }
}
