package dev.serinus.loadtester.job;

import dev.serinus.loadtester.remote.RemoteTest.NotStarted;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** Where the manifest of a Job is: a key of a ConfigMap. */
record ManifestSource(KubernetesClient client, String configMap, String key) {

    private static final int LONGEST = 65_536;

    /** The manifest as it is now. */
    String read(String namespace) throws NotStarted, InterruptedException {
        String text;
        try {
            var found = client.configMaps().inNamespace(namespace).withName(configMap).get();
            if (found == null) {
                throw new NotStarted("there is no ConfigMap %s.%s".formatted(configMap, namespace));
            }
            text = found.getData() == null ? null : found.getData().get(key);
        } catch (KubernetesClientException refused) {
            JobRun.orInterrupted();
            throw JobRun.notStarted(
                    "the ConfigMap %s.%s cannot be read: ".formatted(configMap, namespace),
                    refused);
        }
        if (text == null) {
            throw new NotStarted(
                    "the ConfigMap %s.%s has no key %s".formatted(configMap, namespace, key));
        }
        if (text.length() > LONGEST) {
            throw new NotStarted(
                    "%s of the ConfigMap %s.%s may have %d characters"
                            .formatted(key, configMap, namespace, LONGEST));
        }
        return text;
    }

    @Override
    public String toString() {
        return configMap + "/" + key;
    }
}
