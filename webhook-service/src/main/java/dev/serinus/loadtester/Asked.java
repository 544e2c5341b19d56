package dev.serinus.loadtester;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/**
 * A request as far as anything of it is looked at.
 *
 * @param question the same for the same call of a hook, by its header {@code webhook-id}; empty
 *     where there is none
 * @param patience how long the caller waits before it would rather ask again, by its header {@code
 *     Prefer: respond-async, wait=5}; as long as it takes when null
 * @param awaited how long the caller waits for the answer in all, by its header {@code
 *     Serinus-Timeout}; as long as it takes when null
 */
record Asked(
        String method,
        String path,
        String body,
        String question,
        @Nullable Duration patience,
        @Nullable Duration awaited) {

    boolean isGet() {
        return method.equals("GET");
    }

    /** Leaves out the body, which may hold secrets. */
    @Override
    public String toString() {
        return "Asked[" + method + " " + path + "]";
    }
}
