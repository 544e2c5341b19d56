package dev.serinus.webhook;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.outgoing.Signer;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What this service is told by {@code SERINUS_*} variables or a configuration file.
 *
 * @param clusterName name of the cluster whose Canaries these are; part of every topic's name
 * @param namespace the only namespace to watch; all when absent
 * @param allowLinkLocal let calls go to link-local and metadata addresses
 */
@ConfigurationProperties("serinus")
record Settings(
        String clusterName,
        @Nullable String namespace,
        @Bindable(defaultValue = "false") boolean allowLinkLocal,
        Webhook webhook) {

    /**
     * Settings of this service alone.
     *
     * @param mostAtOnce calls under way together
     * @param patience how long a call waits for a generation that was not seen yet
     * @param signingKey Standard Webhooks keys; instead of it, signingKeyFile names a file that
     *     holds them
     */
    @ConfigurationProperties("webhook")
    record Webhook(
            @Bindable(defaultValue = "500") int mostAtOnce,
            @Bindable(defaultValue = "10s") Duration patience,
            @Nullable String signingKey,
            @Nullable Path signingKeyFile) {

        Signer signer() {
            if (signingKey != null && signingKeyFile != null) {
                throw new IllegalArgumentException(
                        "set serinus.webhook.signing-key or serinus.webhook.signing-key-file, not"
                                + " both");
            }
            try {
                String keys =
                        signingKeyFile != null ? Files.readString(signingKeyFile) : signingKey;
                return keys == null ? Signer.none() : Signer.of(keys);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(
                        "serinus.webhook.signing-key-file cannot be read", unreadable);
            }
        }

        /** Leaves out the key. */
        @Override
        public String toString() {
            return "Webhook[mostAtOnce=" + mostAtOnce + ", patience=" + patience + "]";
        }
    }

    Installation installation() {
        var named = Installation.named(clusterName);
        return new Installation(
                named.cluster(),
                namespace == null || namespace.isBlank() ? null : namespace,
                named.meshProvider(),
                named.metricsServer(),
                named.minInterval(),
                named.selectorLabels(),
                named.configTracking(),
                named.includeLabelPrefixes(),
                named.noCrossNamespaceRefs());
    }

    WebhookConfig config(Map<String, String> environment) {
        return new WebhookConfig(
                allowLinkLocal,
                webhook.mostAtOnce(),
                webhook.patience(),
                webhook.signer(),
                environment);
    }
}
