package dev.serinus.notifier.chat;

import dev.serinus.notifier.mail.Envelope;

import org.jspecify.annotations.Nullable;

/**
 * Where a message goes.
 *
 * @param type kind of service, as in spec.type of an AlertProvider
 * @param address often a secret by itself
 * @param token who we are, where the service asks for it
 * @param proxy address of the proxy to go through
 * @param options what only some kinds have
 */
public record Destination(
        String type,
        String channel,
        String username,
        String address,
        @Nullable String token,
        @Nullable String proxy,
        Options options) {

    /** Who speaks when the provider does not say. */
    public static final String DEFAULT_USERNAME = "flagger";

    /** Where to when the provider does not say. */
    public static final String DEFAULT_CHANNEL = "general";

    /**
     * What only some kinds of service have.
     *
     * @param method POST or PUT
     * @param signingKey a key of Standard Webhooks, {@code whsec_BASE64}
     * @param messageTemplate of each message's text; the usual one when null
     * @param envelope of mails
     */
    public record Options(
            @Nullable String method,
            @Nullable String signingKey,
            @Nullable String messageTemplate,
            Envelope envelope) {

        /** None of them. */
        public static final Options NONE = new Options(null, null, null, Envelope.NONE);

        /** Leaves out the key and the password. */
        @Override
        public String toString() {
            return "Options[" + method + "]";
        }
    }

    /** One without options. */
    public Destination(
            String type,
            String channel,
            String username,
            String address,
            @Nullable String token,
            @Nullable String proxy) {
        this(type, channel, username, address, token, proxy, Options.NONE);
    }

    /** Leaves out address, token, proxy and key. */
    @Override
    public String toString() {
        return "Destination[" + type + "]";
    }
}
