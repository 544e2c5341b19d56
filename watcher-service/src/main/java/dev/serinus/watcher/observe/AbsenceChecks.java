package dev.serinus.watcher.observe;

import dev.serinus.schemas.cluster.Ref;

import io.fabric8.kubernetes.client.KubernetesClient;

/**
 * Makes sure that what the watch does not show is really absent. Watches of different kinds are not
 * in step: a Canary may be seen a moment before the Deployment that was applied with it.
 */
public final class AbsenceChecks {

    private final KubernetesClient client;

    public AbsenceChecks(KubernetesClient client) {
        this.client = client;
    }

    /**
     * True when the API server says that there is no such workload. False when there is one: then
     * the watch will show it soon. An API server that does not answer is an exception.
     */
    boolean confirms(Ref workload) {
        return client.genericKubernetesResources(workload.kind().context())
                        .inNamespace(workload.namespace())
                        .withName(workload.name())
                        .get()
                == null;
    }
}
