package dev.serinus.notifier.chat;

import org.jspecify.annotations.Nullable;

/**
 * Where a message goes.
 *
 * @param type kind of chat service, as in spec.type of an AlertProvider
 * @param address often a secret by itself
 * @param token sent as bearer token where the service knows one
 * @param proxy address of the proxy to go through
 */
public record Destination(
        String type,
        String channel,
        String username,
        String address,
        @Nullable String token,
        @Nullable String proxy) {

    /** Who speaks when the provider does not say. */
    public static final String DEFAULT_USERNAME = "flagger";

    /** Where to when the provider does not say. */
    public static final String DEFAULT_CHANNEL = "general";

    /** Leaves out address, token and proxy. */
    @Override
    public String toString() {
        return "Destination[" + type + "]";
    }
}
