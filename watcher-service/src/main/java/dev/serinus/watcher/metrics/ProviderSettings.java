package dev.serinus.watcher.metrics;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where and how to ask.
 *
 * @param type the provider's type, such as prometheus
 * @param headers HTTP headers to send; may be secrets
 * @param secret the credentials, empty without a Secret
 * @param interval the metric's interval, a Go duration
 */
record ProviderSettings(
        String type,
        @Nullable String address,
        Map<String, List<String>> headers,
        Map<String, String> secret,
        boolean hasSecret,
        boolean insecureSkipVerify,
        @Nullable String region,
        String interval) {

    ProviderSettings {
        headers = Map.copyOf(headers);
        secret = Map.copyOf(secret);
    }

    /** A Prometheus without credentials. */
    static ProviderSettings prometheus(String address) {
        return new ProviderSettings(
                "prometheus", address, Map.of(), Map.of(), false, false, null, "1m");
    }

    /** A credential; empty when the Secret lacks it or it is empty. */
    Optional<String> credential(String key) {
        return Optional.ofNullable(secret.get(key));
    }

    /** The type only. */
    @Override
    public String toString() {
        return "ProviderSettings[type=" + type + "]";
    }
}
