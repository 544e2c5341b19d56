package dev.serinus.watcher.metrics.provider;

/** Puts what the watched cluster's API refuses into words. */
final class ClusterTrouble {

    private static final int LONGEST = 400;

    private ClusterTrouble() {}

    /** Why it refused, which it says in a Status. */
    static String of(ProviderHttp.Reply refusal) {
        return refusal.status() == 404
                ? "the server could not find the requested resource"
                : HttpSource.field(refusal, "message")
                        .filter(message -> !message.isBlank())
                        .map(ClusterTrouble::shortened)
                        .orElse("the Kubernetes API answered with status " + refusal.status());
    }

    /** What fits into an event. */
    static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }
}
