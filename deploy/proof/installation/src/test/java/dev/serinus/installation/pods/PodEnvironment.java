package dev.serinus.installation.pods;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** The variables of a container, with what they take from Secrets. */
final class PodEnvironment {

    private final KubernetesClient client;
    private final URI apiServer;

    PodEnvironment(KubernetesClient client, URI apiServer) {
        this.client = client;
        this.apiServer = apiServer;
    }

    Map<String, String> of(Pod pod, Container container) {
        Map<String, String> all = new HashMap<>();
        all.put("KUBERNETES_SERVICE_HOST", apiServer.getHost());
        all.put("KUBERNETES_SERVICE_PORT", Integer.toString(apiServer.getPort()));
        String namespace = pod.getMetadata().getNamespace();
        for (var source : container.getEnvFrom()) {
            all.putAll(secret(namespace, source.getSecretRef().getName()));
        }
        for (EnvVar variable : container.getEnv()) {
            all.put(variable.getName(), value(namespace, variable));
        }
        return all;
    }

    private String value(String namespace, EnvVar variable) {
        var from = variable.getValueFrom();
        if (from == null) {
            return Objects.requireNonNullElse(variable.getValue(), "");
        }
        if (from.getSecretKeyRef() == null) {
            throw new IllegalStateException(
                    variable.getName() + " comes from what is not played here: " + from);
        }
        String key = from.getSecretKeyRef().getKey();
        String found = secret(namespace, from.getSecretKeyRef().getName()).get(key);
        if (found == null) {
            throw new IllegalStateException(
                    "the Secret of %s has no key %s".formatted(variable.getName(), key));
        }
        return found;
    }

    /** What is in a Secret, as text. */
    Map<String, String> secret(String namespace, String name) {
        var secret = client.secrets().inNamespace(namespace).withName(name).get();
        if (secret == null) {
            throw new IllegalStateException("there is no Secret " + name);
        }
        Map<String, String> plain = new HashMap<>();
        secret.getData()
                .forEach(
                        (key, value) ->
                                plain.put(
                                        key,
                                        new String(
                                                Base64.getDecoder().decode(value),
                                                StandardCharsets.UTF_8)));
        return plain;
    }
}
