package dev.serinus.watcher.observe;

import dev.serinus.watcher.cluster.Cluster;

import io.fabric8.kubernetes.client.KubernetesClient;

/**
 * Makes sure that what the watch does not show is really absent. Watches of different kinds are not
 * in step: a Canary may be seen a moment before the Deployment that was applied with it.
 */
public final class Absences {

    private final KubernetesClient client;

    public Absences(KubernetesClient client) {
        this.client = client;
    }

    /**
     * True when the API server says that there is no such workload. False when there is one: then
     * the watch will show it soon. An API server that does not answer is an exception.
     */
    boolean confirms(String kind, String namespace, String name) {
        var context =
                Cluster.workloadKind(kind)
                        .orElseThrow(
                                () ->
                                        new IllegalStateException(
                                                "no workload that is watched: " + kind));
        return client.genericKubernetesResources(context)
                        .inNamespace(namespace)
                        .withName(name)
                        .get()
                == null;
    }
}
