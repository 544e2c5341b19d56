package dev.serinus.router.drift;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Serving;
import dev.serinus.router.route.Split;
import dev.serinus.router.workload.ReleaseTargets;
import dev.serinus.schemas.cluster.Kind;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.Set;

/**
 * As much of an object as tells whether somebody changed it.
 *
 * @param fingerprint the same for the same content
 * @param serving the same as long as the object leads traffic to the same place
 * @param mark the step that last changed it; null when none did
 * @param split what a route shows; null for other objects
 * @param by who wrote it last beside us, as the API server notes it; empty when nobody did, or when
 *     that cannot be told
 */
record ObservedState(
        String fingerprint, String serving, @Nullable Mark mark, @Nullable Split split, String by) {

    /** Of an object whose content is not ours to keep: only that it is there. */
    static final ObservedState PRESENT = new ObservedState("", "", null, null, "");

    /** Of a workload that somebody stopped. */
    static final ObservedState STOPPED = new ObservedState("stopped", "stopped", null, null, "");

    /** Of an object of the user's that was looked for and is not there. */
    static final ObservedState GONE = new ObservedState("gone", "gone", null, null, "");

    /** Of these only the existence is watched: their size and status change all the time. */
    private static final Set<Kind> LIVELY =
            Set.of(Kind.DEPLOYMENT, Kind.DAEMON_SET, Kind.AUTOSCALER, Kind.SCALED_OBJECT);

    /** True for kinds of which only the existence is looked at, and whether they run at all. */
    static boolean isPresence(Kind kind) {
        return LIVELY.contains(kind);
    }

    /** The same of the same object, whether a watch shows it or a write left it. */
    static ObservedState at(ClusterObject object, @Nullable Split split, String by) {
        var kind = object.ref().kind();
        if (isPresence(kind)) {
            return ReleaseTargets.of(kind).filter(it -> it.isScaledDown(object)).isPresent()
                    ? STOPPED
                    : PRESENT;
        }
        return new ObservedState(
                object.fingerprint(), Serving.of(object), object.mark().orElse(null), split, by);
    }

    static ObservedState at(ClusterObject object) {
        return at(object, null, "");
    }

    /** True when traffic goes elsewhere than before, or nowhere: this cannot wait. */
    static boolean isUrgent(Optional<ObservedState> now, @Nullable ObservedState left) {
        return now.isEmpty() || (left != null && !now.get().serving().equals(left.serving()));
    }

    /**
     * True when a later step than the other has changed it: this is news, not drift. The step of a
     * Canary that is gone says nothing about this one.
     */
    boolean isLaterThan(@Nullable ObservedState other, String canary) {
        return mark != null
                && mark.isOf(canary)
                && (other == null
                        || other.mark() == null
                        || !other.mark().isOf(canary)
                        || mark.isAfter(other.mark()));
    }
}
