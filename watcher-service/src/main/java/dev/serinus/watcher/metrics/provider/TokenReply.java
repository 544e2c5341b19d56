package dev.serinus.watcher.metrics.provider;

import com.fasterxml.jackson.databind.JsonNode;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Reads what a token endpoint answers (RFC 6749, section 5).
 *
 * @param failed begins what is told where there is no token
 * @param unsaid for how long a token is kept whose life is not said; null where it must be
 * @param longest for how long one is kept at most
 */
record TokenReply(
        HttpSource source, String failed, Instant now, @Nullable Duration unsaid, Duration longest)
        implements HttpSource.ReplyReader<TokenReply.Got> {

    private static final int LONGEST_ANSWER = 32 * 1024;
    private static final int LONGEST_TOKEN = 8 * 1024;

    /** A token, or why there is none. */
    record Got(ShortLived.@Nullable Held<String> token, String because) {
        ShortLived.Held<String> orThrow() throws NoCredentials {
            if (token == null) {
                throw new NoCredentials(because);
            }
            return token;
        }
    }

    @Override
    public Got read(ProviderHttp.Reply reply) {
        // Whoever wrote the manifest chose the address that says this.
        if (reply.body().length() > LONGEST_ANSWER) {
            return none("its answer is too long");
        }
        if (reply.status() != 200) {
            return none(source.redaction().of(refusal(reply), 200));
        }
        JsonNode tree = tree(reply.body());
        String token = tree.path("access_token").asText();
        Duration life = life(tree.path("expires_in"));
        // What it says is not told: there may be a token in it.
        if (token.isEmpty()
                || token.length() > LONGEST_TOKEN
                || life == null
                || !token.matches("[\\x21-\\x7e]+")) {
            return none("its answer has none");
        }
        return tree.path("token_type").asText("Bearer").equalsIgnoreCase("Bearer")
                ? new Got(ShortLived.Held.lasting(token, now, life), "")
                : none("it gives tokens of another type than Bearer");
    }

    private @Nullable Duration life(JsonNode seconds) {
        if (seconds.isMissingNode() || seconds.isNull()) {
            return unsaid;
        }
        long said = seconds.asLong();
        return said <= 0 ? null : Duration.ofSeconds(Math.min(said, longest.toSeconds()));
    }

    private static String refusal(ProviderHttp.Reply reply) {
        String told =
                Stream.of("error", "error_description")
                        .map(name -> HttpSource.field(reply, name))
                        .flatMap(Optional::stream)
                        .collect(Collectors.joining(": "));
        return told.isEmpty()
                ? HttpSource.told(reply)
                : HttpSource.line(reply.status()) + ": " + told;
    }

    private static JsonNode tree(String body) {
        try {
            return JsonText.read(body).orElseGet(JsonText.JSON::createObjectNode);
        } catch (JsonText.TooMany _) {
            return JsonText.JSON.createObjectNode();
        }
    }

    @Override
    public Got none(String because) {
        return new Got(null, failed + because);
    }
}
