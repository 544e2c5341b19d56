package dev.serinus.analysis.rollout;

import org.jspecify.annotations.Nullable;

/**
 * The cookies of session affinity as the status shows them, each NAME=VALUE and empty for none;
 * null while no route was read.
 *
 * @param session keeps clients on the canary
 * @param previous that of the run before, to be forgotten
 * @param primary keeps clients on the primary
 */
public record Cookies(
        @Nullable String session, @Nullable String previous, @Nullable String primary) {

    static final Cookies NONE = new Cookies(null, null, null);

    /**
     * What is known after a route was read: it shows the session's as it is now, and says nothing
     * of the others while it has no rule for them.
     */
    Cookies after(@Nullable Cookies read) {
        return read == null
                ? this
                : new Cookies(
                        read.session(),
                        newer(read.previous(), previous),
                        newer(read.primary(), primary));
    }

    private static @Nullable String newer(@Nullable String read, @Nullable String known) {
        return read == null || read.isEmpty() ? known : read;
    }
}
