package dev.serinus.notifier.alert;

import dev.serinus.schemas.canary.SpecSize;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/** What this service keeps of an AlertProvider: its spec as written, absent is empty. */
public record Provider(
        String type,
        String channel,
        String username,
        String address,
        String proxy,
        String secretName,
        String method,
        String messageTemplate,
        String from,
        List<String> to,
        String digest) {

    public Provider {
        to = List.copyOf(to);
    }

    /** Reads the spec. */
    public static Provider of(GenericKubernetesResource provider) {
        Map<?, ?> spec = SpecSize.specOf(provider);
        return new Provider(
                text(spec.get("type")),
                text(spec.get("channel")),
                text(spec.get("username")),
                text(spec.get("address")),
                text(spec.get("proxy")),
                text(map(spec.get("secretRef")).get("name")),
                text(spec.get("method")),
                text(spec.get("messageTemplate")),
                text(spec.get("from")),
                texts(spec.get("to")),
                text(spec.get("digest")));
    }

    private static Map<?, ?> map(@Nullable Object value) {
        return value instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String text(@Nullable Object value) {
        return value instanceof String text ? text : "";
    }

    private static List<String> texts(@Nullable Object value) {
        return value instanceof List<?> list
                ? list.stream().map(Provider::text).toList()
                : List.of();
    }

    /** Leaves out the address, which is often a secret. */
    @Override
    public String toString() {
        return "Provider[" + type + "]";
    }
}
