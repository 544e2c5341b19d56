package dev.serinus.router.drift;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Kind;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.route.Split;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/**
 * As much of an object as tells whether somebody changed it.
 *
 * @param fingerprint the same for the same content
 * @param mark the step that last changed it; null when none did
 * @param split what a route shows; null for other objects
 */
record Glance(String fingerprint, @Nullable Mark mark, @Nullable Split split) {

    /** Of an object whose content is not ours to keep: only that it is there. */
    static final Glance PRESENT = new Glance("", null, null);

    /** Of these only the existence is watched: their size and status change all the time. */
    private static final Set<Kind> LIVELY =
            Set.of(Kind.DEPLOYMENT, Kind.DAEMON_SET, Kind.AUTOSCALER, Kind.SCALED_OBJECT);

    /** True for kinds of which only the existence is looked at. */
    static boolean isPresence(Kind kind) {
        return LIVELY.contains(kind);
    }

    /** The same of the same object, whether a watch shows it or a write left it. */
    static Glance at(ClusterObject object, @Nullable Split split) {
        if (isPresence(object.ref().kind())) {
            return PRESENT;
        }
        return new Glance(object.fingerprint(), object.mark().orElse(null), split);
    }

    /** True when a later step than the other has changed it: this is news, not drift. */
    boolean isLaterThan(@Nullable Glance other) {
        return mark != null
                && (other == null || other.mark() == null || mark.isAfter(other.mark()));
    }
}
