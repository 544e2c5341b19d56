package dev.serinus.router.objects;

import java.util.Optional;

/** The order of an object's versions. */
public final class Versions {

    private Versions() {}

    /**
     * Versions of one object are numbers that grow, since Kubernetes 1.35 by its own promise; empty
     * where they are none.
     */
    public static Optional<Integer> order(String one, String other) {
        try {
            return Optional.of(Long.compare(Long.parseLong(one), Long.parseLong(other)));
        } catch (NumberFormatException opaque) {
            return Optional.empty();
        }
    }
}
