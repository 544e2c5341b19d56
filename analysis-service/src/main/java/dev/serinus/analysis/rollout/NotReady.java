package dev.serinus.analysis.rollout;

/** Why a canary is not ready, in Flagger's words. */
final class NotReady {

    private NotReady() {}

    /** The whole sentence. */
    static String words(TransitionBuilder t, Workload target) {
        String words =
                t.spec().target().kind().equals("DaemonSet")
                        // Flagger's own spelling, which alert rules look for.
                        ? "canary damonset %s not ready with retryable true: %s"
                        : "canary deployment %s not ready: %s";
        return words.formatted(t.target(), because(target));
    }

    /** False for pods that are only about to be started. */
    static boolean says(Workload target) {
        return !target.because().isEmpty() || !target.missingConfigs().isEmpty();
    }

    /** The reason alone; empty where none is known. */
    static String because(Workload target) {
        if (!target.exists()) {
            return "the target does not exist";
        }
        if (!target.missingConfigs().isEmpty()) {
            return "it cannot be started again without "
                    + String.join(", ", target.missingConfigs())
                    + (target.because().isEmpty() ? "" : "; " + target.because());
        }
        return target.desired() == 0 && target.because().isEmpty()
                ? "the target is scaled to zero"
                : target.because();
    }
}
