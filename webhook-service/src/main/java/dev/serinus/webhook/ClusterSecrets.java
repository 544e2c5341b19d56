package dev.serinus.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.hook.HookSecrets;
import dev.serinus.webhook.hook.SecretHeaders;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Secrets of the cluster, each read when it is needed: a token that was replaced is used at once,
 * and none is held in memory.
 */
record ClusterSecrets(KubernetesClient client) implements SecretHeaders {

    @Override
    public Optional<Map<String, String>> find(String namespace, String name) throws Unreadable {
        try {
            Secret secret = client.secrets().inNamespace(namespace).withName(name).get();
            if (secret == null) {
                return Optional.empty();
            }
            if (!HookSecrets.mayBeTold(secret.getMetadata().getLabels())) {
                throw new Unreadable(
                        "it has no label %s=true, which says that hooks may be told it"
                                .formatted(HookSecrets.LABEL),
                        true);
            }
            return Optional.of(values(secret));
        } catch (KubernetesClientException trouble) {
            boolean refused = trouble.getCode() == 403;
            throw new Unreadable(
                    refused
                            ? "this service may not read Secrets of that namespace"
                            : "the API server does not answer",
                    refused);
        } catch (IllegalArgumentException broken) {
            throw new Unreadable("it has a value that is no base64", true);
        }
    }

    private static Map<String, String> values(Secret secret) {
        Map<String, String> values = new TreeMap<>();
        if (secret.getData() != null) {
            secret.getData()
                    .forEach(
                            (key, value) ->
                                    // Whoever makes one of a file has a line break at its end.
                                    values.put(
                                            key,
                                            new String(Base64.getDecoder().decode(value), UTF_8)
                                                    .strip()));
        }
        return values;
    }
}
