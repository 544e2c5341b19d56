package dev.serinus.analysis.rollout;

import dev.serinus.schemas.targets.TargetKind;

import org.jspecify.annotations.Nullable;

/** Why a canary or a primary is not ready, in Flagger's words. */
final class NotReady {

    /** Flagger's own spelling, which alert rules look for. */
    private static final String DAEMON_SET = "canary damonset %s not ready with retryable ";

    private static final String NO_NODE = "no node is for its pods, now";

    private NotReady() {}

    /** The whole sentence. */
    static String words(TransitionBuilder t, Workload target) {
        String words =
                switch (t.spec().target().kind()) {
                    case "DaemonSet" -> DAEMON_SET + "true: %s";
                    case "Service" -> "canary service %s not ready: %s";
                    default -> "canary deployment %s not ready: %s";
                };
        return words.formatted(t.target(), because(target));
    }

    /**
     * The sentence when the deadline is over. A DaemonSet has none of its own that could say so: as
     * in Flagger it is named with the Canary's.
     */
    static String late(TransitionBuilder t, Workload target) {
        boolean says = isDaemonSet(t) && target.exists() && target.missingConfigs().isEmpty();
        return says
                ? (DAEMON_SET + "false: exceeded its progressDeadlineSeconds: %d")
                        .formatted(t.target(), t.spec().progressDeadline().toSeconds())
                : words(t, target);
    }

    /** The sentence about a baseline. */
    static String baseline(TransitionBuilder t, @Nullable Workload baseline) {
        String because =
                baseline == null
                        ? "it was not seen"
                        : baseline.exists() ? baseline.because() : "it does not exist";
        return "baseline deployment %s-baseline.%s not ready: %s"
                .formatted(t.spec().target().name(), t.now().canary().namespace(), because);
    }

    /** Why a primary is not ready; of one that wants no pods nobody says it. */
    static String because(TransitionBuilder t, Workload primary) {
        return hasNoNode(t, primary) ? NO_NODE : primary.because();
    }

    /** No node of the cluster is for its pods, now. */
    static boolean hasNoNode(TransitionBuilder t, Workload workload) {
        return isDaemonSet(t)
                && workload.exists()
                && workload.desired() == 0
                && workload.because().isEmpty();
    }

    /** The sentence about a primary. */
    static String primary(TransitionBuilder t, String because) {
        String kind = isDaemonSet(t) ? "primary daemonset " : "";
        return "%s%s not ready: %s".formatted(kind, t.primary(), because);
    }

    private static boolean isDaemonSet(TransitionBuilder t) {
        return t.spec().target().kind().equals("DaemonSet");
    }

    /** A target that is not there, in the words in which it is told that nothing can be read. */
    static String gone(Rollout r) {
        var target = r.specInForce().target();
        return TargetKind.of(target.apiVersion(), target.kind())
                .orElse(TargetKind.DEPLOYMENT)
                .notFound(r.canary().namespace(), target.name());
    }

    /** A first primary was not ready in time, and nothing was moved: who goes on serving. */
    static String initializationFailed(TransitionBuilder t) {
        return "Initialization failed! %s"
                .formatted(
                        t.now().revisions().promoted() == null
                                ? t.target() + " goes on serving and is not released"
                                : "Traffic stays where it is and %s is not released"
                                        .formatted(t.target()));
    }

    /** At rest nobody else would say that there is nothing to release. */
    static boolean isGoneAtRest(Rollout r) {
        var target = r.target();
        return r.stage() instanceof Stage.Resting
                && r.spec() != null
                && !r.manifest().deleting()
                && target != null
                && !target.exists();
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
