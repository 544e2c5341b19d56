package dev.serinus.watcher.observe;

import dev.serinus.watcher.cluster.Workload;

/**
 * Whether a workload is ready, by Flagger's rules and in its words. Without a clock: a deadline by
 * time is for the rollout machine to keep; what Kubernetes itself gave up on is evidence.
 *
 * @param stuck true when the workload says itself that it will not become ready
 * @param because why it is not ready; empty when it is
 */
record Readiness(boolean ready, boolean stuck, String because) {

    private static final String WAITING = "waiting for rollout to finish: ";

    /**
     * Judges a workload.
     *
     * @param threshold percent of the updated pods that must be available
     * @param deadlineCounts false when the deadline that passed was an earlier revision's
     */
    static Readiness of(Workload workload, String name, int threshold, boolean deadlineCounts) {
        String because =
                switch (workload.kind()) {
                    case "Deployment" -> deployment(workload, threshold);
                    case "DaemonSet" -> daemonSet(workload, threshold);
                    default -> single(workload);
                };
        if (because.isEmpty()) {
            return new Readiness(true, false, "");
        }
        boolean stuck =
                workload.observed() && deadlineCounts && !workload.deadlinePassed().isEmpty();
        return stuck
                ? new Readiness(
                        false,
                        true,
                        "deployment \"%s\" exceeded its progress deadline".formatted(name))
                : new Readiness(false, false, because);
    }

    private static String deployment(Workload w, int threshold) {
        if (!w.observed()) {
            return WAITING + "observed deployment generation less than desired generation";
        }
        if (w.updated() < w.desired()) {
            return WAITING
                    + "%d out of %d new replicas have been updated"
                            .formatted(w.updated(), w.desired());
        }
        if (w.pods() > w.updated()) {
            return WAITING
                    + "%d old replicas are pending termination".formatted(w.pods() - w.updated());
        }
        int needed = needed(w.desired(), w.updated(), threshold);
        return w.available() >= needed
                ? ""
                : WAITING
                        + "%d of %d (readyThreshold %d%%) updated replicas are available"
                                .formatted(w.available(), needed, threshold);
    }

    private static String daemonSet(Workload w, int threshold) {
        if (!w.observed()) {
            return WAITING + "observed daemonset generation less than desired generation";
        }
        if (w.updated() < w.desired()) {
            return WAITING
                    + "%d out of %d new pods have been updated".formatted(w.updated(), w.desired());
        }
        int needed = needed(w.desired(), w.desired(), threshold);
        return w.available() >= needed
                ? ""
                : WAITING
                        + "%d of %d (readyThreshold %d%%) updated pods are available"
                                .formatted(w.available(), needed, threshold);
    }

    /** What cannot be counted is ready or not. */
    private static String single(Workload w) {
        if (!w.observed()) {
            return WAITING + "observed service generation less than desired generation";
        }
        return w.updated() >= w.desired() && w.available() >= w.desired() ? "" : w.trouble();
    }

    /**
     * As Flagger rounds, down, but never to none where pods are wanted: what no pod serves is not
     * ready, however few are asked for.
     */
    private static int needed(int wanted, int pods, int threshold) {
        int share = Math.toIntExact((long) pods * threshold / 100);
        return wanted > 0 ? Math.max(share, 1) : share;
    }
}
