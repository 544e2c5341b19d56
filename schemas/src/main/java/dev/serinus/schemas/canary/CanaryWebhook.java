package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * One entry of spec.analysis.webhooks. URL, metadata and headers may hold secrets: they never leave
 * the service that calls.
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CanaryWebhook(
        String name,
        String url,
        @Nullable String type,
        @Nullable String timeout,
        @Nullable Integer retries,
        @Nullable Boolean disableTLS,
        @Nullable Boolean muteAlert,
        @Nullable Map<String, String> metadata,
        @Nullable String gateTimeout,
        @Nullable String onGateTimeout,
        @Nullable String method,
        @Nullable Map<String, String> headers,
        @Nullable SecretRef secretRef) {

    /** Leaves out the URL, the metadata and the headers. */
    @Override
    public String toString() {
        return "CanaryWebhook[name=" + name + ", type=" + type + "]";
    }
}
