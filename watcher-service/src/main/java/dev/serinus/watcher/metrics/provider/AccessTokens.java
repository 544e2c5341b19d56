package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.canary.Revision;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Access tokens of clients of OAuth2, got by the clients' own credentials (RFC 6749, section 4.4)
 * and kept until shortly before they expire. A token is of one namespace and one client with its
 * secret; those who want the same at once wait for one of them to get it.
 */
final class AccessTokens {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final String FAILED = "the token endpoint gave no access token: ";

    /** For how long one is kept whose life is not said, and at most. */
    private static final Duration UNSAID = Duration.ofMinutes(5);

    private static final Duration LONGEST = Duration.ofDays(1);

    private final ShortLived<String> tokens = new ShortLived<>();

    /**
     * A token.
     *
     * @param isNew true when it was got just now
     */
    record Token(String text, boolean isNew) {
        /** Leaves out the token. */
        @Override
        public String toString() {
            return "Token[isNew=" + isNew + "]";
        }
    }

    /** A token of the client that the settings name. */
    Token get(ProviderContext context) throws NoCredentials, InterruptedException {
        Instant now = context.clock().instant();
        boolean[] asked = {false};
        String token =
                tokens.get(
                        context.http().namespace(),
                        name(context),
                        now,
                        () -> {
                            asked[0] = true;
                            return got(context, now);
                        });
        return new Token(token, asked[0]);
    }

    /** The provider does not take this one any more. */
    void refused(ProviderContext context, Token token) {
        tokens.forget(
                context.http().namespace(), name(context), token.text(), context.clock().instant());
    }

    private static OAuth2Client client(ProviderContext context) {
        return Objects.requireNonNull(context.settings().auth().client(), "a client");
    }

    private static String name(ProviderContext context) {
        return Revision.digest(Digested.of(client(context).parts()));
    }

    private static ShortLived.Held<String> got(ProviderContext context, Instant now)
            throws NoCredentials, InterruptedException {
        var client = client(context);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Accept", "application/json");
        if (!client.inBody()) {
            headers.put("Authorization", client.basic());
        }
        try {
            var source =
                    new HttpSource(
                            context.by(
                                            new AuthenticatedHttp(
                                                    context.http(),
                                                    Authentication.of(client.tls())))
                                    .with(
                                            context.settings()
                                                    .at(
                                                            client.server(),
                                                            Map.of(
                                                                    "header", client.basic(),
                                                                    "secret", client.secret()))),
                            null,
                            headers,
                            LIMIT);
            return source.post(
                            client.path(),
                            List.of(),
                            "application/x-www-form-urlencoded",
                            client.form(),
                            new TokenReply(source, FAILED, now, UNSAID, LONGEST))
                    .orThrow();
        } catch (WrongSettings wrong) {
            throw new NoCredentials(wrong.because());
        }
    }
}
