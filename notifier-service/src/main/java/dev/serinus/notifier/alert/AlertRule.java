package dev.serinus.notifier.alert;

import dev.serinus.schemas.canary.SpecSize;
import dev.serinus.schemas.events.Severity;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * One entry of spec.analysis.alerts, all that this service keeps of a Canary.
 *
 * @param providerNamespace already defaulted to the Canary's
 */
public record AlertRule(
        String name, Severity least, String providerName, String providerNamespace) {

    /** The alerts of a Canary, in order. */
    public static List<AlertRule> of(GenericKubernetesResource canary) {
        Map<?, ?> analysis = map(SpecSize.specOf(canary).get("analysis"));
        String namespace = canary.getMetadata().getNamespace();
        return analysis.get("alerts") instanceof List<?> alerts
                ? alerts.stream().map(alert -> read(map(alert), namespace)).toList()
                : List.of();
    }

    private static AlertRule read(Map<?, ?> alert, String namespace) {
        Map<?, ?> provider = map(alert.get("providerRef"));
        String other = text(provider.get("namespace"));
        return new AlertRule(
                text(alert.get("name")),
                least(text(alert.get("severity"))),
                text(provider.get("name")),
                other.isEmpty() ? namespace : other);
    }

    /**
     * The least severity that is told. None given means all, as Flagger's documentation says; its
     * code tells nothing at all then.
     */
    private static Severity least(String written) {
        return switch (written) {
            case "error" -> Severity.ERROR;
            case "warn" -> Severity.WARN;
            default -> Severity.INFO;
        };
    }

    /** True when an alert this loud is to be told. */
    boolean wants(Severity severity) {
        return severity.compareTo(least) >= 0;
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }
}
