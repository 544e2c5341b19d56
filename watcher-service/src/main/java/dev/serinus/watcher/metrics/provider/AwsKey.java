package dev.serinus.watcher.metrics.provider;

import org.jspecify.annotations.Nullable;

/**
 * Who we are at AWS.
 *
 * @param session the token that goes with a key that expires; null with one that does not
 */
record AwsKey(String id, String secret, @Nullable String session) {

    /** The id only. */
    @Override
    public String toString() {
        return "AwsKey[" + id + "]";
    }
}
