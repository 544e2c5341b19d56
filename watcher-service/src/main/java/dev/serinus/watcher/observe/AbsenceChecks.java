package dev.serinus.watcher.observe;

import dev.serinus.watcher.cluster.Cluster;

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

    /** What the API server says of a ConfigMap or a Secret that the watch does not show. */
    enum Config {
        /** There is none. */
        ABSENT,
        /** There is one, and the watch will show it soon. */
        ON_ITS_WAY,
        /** There is one, and it is of those that are not watched. */
        NOT_WATCHED
    }

    /**
     * Asks for a config that the watch does not show, by a list of one, since a list is what the
     * account may ask for. An API server that does not answer is an exception.
     */
    Config config(String kind, String namespace, String name) {
        return client
                .genericKubernetesResources(Cluster.configKind(kind))
                .inNamespace(namespace)
                .withField("metadata.name", name)
                .list()
                .getItems()
                .stream()
                .filter(object -> object.getMetadata().getName().equals(name))
                .findFirst()
                .map(found -> Cluster.isLeftOut(found) ? Config.NOT_WATCHED : Config.ON_ITS_WAY)
                .orElse(Config.ABSENT);
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
