package dev.serinus.watcher.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.canary.ObjectNames;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.jspecify.annotations.Nullable;

import java.util.Base64;
import java.util.HashMap;
import java.util.Map;

/**
 * Reads the Secret that a MetricTemplate names, at the moment it is used: so it is not kept in
 * memory, and a new password counts at once. Whoever reads has a turn for it.
 */
final class Credentials {

    /** What came of reading a Secret. */
    sealed interface Found {
        /**
         * What is in it.
         *
         * @param version that only this content has; empty where nobody says it
         */
        record Data(Map<String, String> data, String version) implements Found {
            /** How many there are, and nothing of them. */
            @Override
            public String toString() {
                return "Data[" + data.size() + "]";
            }
        }

        record Missing(String because) implements Found {}

        record Unknown(String because) implements Found {}
    }

    private final KubernetesClient client;

    Credentials(KubernetesClient client) {
        this.client = client;
    }

    Found of(String namespace, String name) {
        if (!ObjectNames.isName(name)) {
            return new Found.Missing(ObjectNames.because(name));
        }
        try {
            var secret = client.secrets().inNamespace(namespace).withName(name).get();
            if (secret == null) {
                return new Found.Missing("secrets \"%s\" not found".formatted(name));
            }
            Map<String, String> data = new HashMap<>();
            if (secret.getData() != null) {
                secret.getData()
                        .forEach(
                                (key, value) ->
                                        data.put(
                                                key,
                                                new String(
                                                        Base64.getMimeDecoder().decode(value),
                                                        UTF_8)));
            }
            return new Found.Data(data, version(secret.getMetadata()));
        } catch (KubernetesClientException away) {
            return new Found.Unknown(
                    "secret %s cannot be read now: status %d".formatted(name, away.getCode()));
        } catch (IllegalArgumentException _) {
            return new Found.Missing("secret %s is not base64".formatted(name));
        }
    }

    private static String version(@Nullable ObjectMeta meta) {
        String uid = meta == null ? null : meta.getUid();
        String version = meta == null ? null : meta.getResourceVersion();
        return uid == null || uid.isEmpty() || version == null || version.isEmpty()
                ? ""
                : uid + "/" + version;
    }
}
