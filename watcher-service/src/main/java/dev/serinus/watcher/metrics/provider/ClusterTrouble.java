package dev.serinus.watcher.metrics.provider;

import io.fabric8.kubernetes.client.KubernetesClientException;

import java.io.InterruptedIOException;

/** Puts failed requests to the watched cluster into words. */
final class ClusterTrouble {

    private static final int LONGEST = 400;

    private ClusterTrouble() {}

    /** Why it failed; throws where the thread was interrupted while it waited. */
    static String of(KubernetesClientException failed) throws InterruptedException {
        if (Thread.interrupted() || failed.getCause() instanceof InterruptedIOException) {
            throw new InterruptedException("while the Kubernetes API was asked");
        }
        String message = failed.getStatus() == null ? null : failed.getStatus().getMessage();
        if (failed.getCode() == 0) {
            return "the Kubernetes API did not answer";
        }
        if (failed.getCode() == 404) {
            return "the server could not find the requested resource";
        }
        if (message == null || message.isBlank()) {
            return "the Kubernetes API answered with status " + failed.getCode();
        }
        return shortened(message);
    }

    /** What fits into an event. */
    static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
