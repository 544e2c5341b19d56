package dev.serinus.router.objects;

import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

/**
 * How one object is and how it shall be.
 *
 * @param live null when it does not exist
 */
public record Change(@Nullable ClusterObject live, ClusterObject desired) {

    /** True when there is anything to write. */
    public boolean isEffective() {
        return !desired.equals(live);
    }

    public Ref ref() {
        return desired.ref();
    }
}
