package dev.serinus.schemas.cluster;

import io.fabric8.kubernetes.client.KubernetesClient;

/** A client to which the API server sends nothing of an object but its metadata. */
public final class MetadataClient {

    private MetadataClient() {}

    /** Shares connections and threads with the other client, and is never closed itself. */
    public static KubernetesClient of(KubernetesClient client) {
        return ListClient.of(client, true);
    }
}
