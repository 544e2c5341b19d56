package dev.serinus.watcher.metrics;

import io.fabric8.kubernetes.client.KubernetesClientException;

import java.net.HttpURLConnection;

/** Why the API server does not show an object that a check needs. */
final class Unreadable {

    private Unreadable() {}

    /**
     * A sentence. What we have no right to see does not come by waiting, as with an installation
     * for one namespace that is to read in another.
     *
     * @param what the object, in words
     * @param resource its kind as a right names it
     */
    static String because(
            String what, String resource, String namespace, KubernetesClientException away) {
        return away.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                ? "%s cannot be read: status 403, the watcher has no right to get %s in namespace %s"
                        .formatted(what, resource, namespace)
                : "%s cannot be read now: status %d".formatted(what, away.getCode());
    }
}
