package dev.serinus.router.drift;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.route.Split;

import org.jspecify.annotations.Nullable;

/**
 * As much of an object as tells whether somebody changed it.
 *
 * @param fingerprint the same for the same content
 * @param mark the step that last changed it; null when none did
 * @param split what a route shows; null for other objects
 */
record Glance(String fingerprint, @Nullable Mark mark, @Nullable Split split) {

    static Glance at(ClusterObject object, @Nullable Split split) {
        return new Glance(object.fingerprint(), object.mark().orElse(null), split);
    }

    /** Of an object whose content is not ours to keep: only that it is there. */
    static Glance present() {
        return new Glance("", null, null);
    }

    /** True when a later step than the other has changed it: this is news, not drift. */
    boolean isLaterThan(@Nullable Glance other) {
        return mark != null
                && (other == null || other.mark() == null || mark.isAfter(other.mark()));
    }
}
