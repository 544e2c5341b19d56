package dev.serinus.notifier;

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

/**
 * What this service is told by {@code SERINUS_*} variables or a configuration file.
 *
 * @param clusterName name of the cluster whose Canaries these are; part of every topic's name
 * @param namespace the only namespace whose Canaries are watched; all when absent
 * @param allowLinkLocal let calls go to link-local and metadata addresses
 * @param noCrossNamespaceRefs AlertProviders of other namespaces than the Canary's are refused
 */
@ConfigurationProperties("serinus")
record Settings(
        String clusterName,
        @Nullable String namespace,
        @Bindable(defaultValue = "false") boolean allowLinkLocal,
        @Bindable(defaultValue = "false") boolean noCrossNamespaceRefs,
        Notifier notifier) {

    /**
     * Settings of this service alone.
     *
     * @param showCluster add the cluster's name to every chat message
     * @param mostAtOnce calls under way together, per proxy
     * @param patience how long an alert waits for a generation that was not seen yet
     * @param signingKey Standard Webhooks keys for the event webhook; instead of it, signingKeyFile
     *     names a file that holds them
     */
    @ConfigurationProperties("notifier")
    record Notifier(
            @Bindable(defaultValue = "true") boolean showCluster,
            @Bindable(defaultValue = "200") int mostAtOnce,
            @Bindable(defaultValue = "10s") Duration patience,
            @Nullable String signingKey,
            @Nullable Path signingKeyFile) {

        Signer signer() {
            if (signingKey != null && signingKeyFile != null) {
                throw new IllegalArgumentException(
                        "set serinus.notifier.signing-key or serinus.notifier.signing-key-file, not"
                                + " both");
            }
            try {
                String keys =
                        signingKeyFile != null ? Files.readString(signingKeyFile) : signingKey;
                return keys == null ? Signer.none() : Signer.of(keys);
            } catch (IOException unreadable) {
                throw new UncheckedIOException(
                        "serinus.notifier.signing-key-file cannot be read", unreadable);
            }
        }

        /** Leaves out the key. */
        @Override
        public String toString() {
            return "Notifier[mostAtOnce=" + mostAtOnce + ", patience=" + patience + "]";
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
                noCrossNamespaceRefs);
    }
}
