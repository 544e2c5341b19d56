package dev.serinus.loadtester;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Optional;

/** The token that callers have to name; none is asked for where none is set. */
final class BearerToken {

    private static final String SCHEME = "Bearer ";

    private final byte[] token;

    private BearerToken(String token) {
        this.token = token.getBytes(UTF_8);
    }

    static BearerToken of(@Nullable String token, @Nullable Path file) {
        if (token != null && file != null) {
            throw new IllegalArgumentException(
                    "set SERINUS_LOADTESTER_TOKEN or SERINUS_LOADTESTER_TOKEN_FILE, not both");
        }
        if (token == null && file == null) {
            return new BearerToken("");
        }
        String given = (file == null ? String.valueOf(token) : read(file)).strip();
        if (given.isEmpty()) {
            throw new IllegalArgumentException(
                    "SERINUS_LOADTESTER_TOKEN"
                            + (file == null ? " is" : "_FILE names a file that is")
                            + " empty: leave it out where no token is asked for");
        }
        return new BearerToken(given);
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(
                    "SERINUS_LOADTESTER_TOKEN_FILE cannot be read: " + file, unreadable);
        }
    }

    boolean isWanted() {
        return token.length > 0;
    }

    /**
     * What a caller with this header is answered who is not let in; empty who is. It takes as long
     * for a wrong token as for a right one, and says no more of it than that it is wrong.
     */
    Optional<Answer> refusal(@Nullable String authorization) {
        if (!isWanted()) {
            return Optional.empty();
        }
        boolean named =
                authorization != null
                        && authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        if (!named || authorization == null) {
            return Optional.of(
                    Answer.of(
                                    401,
                                    "a bearer token is wanted: Authorization: Bearer, a blank, and"
                                            + " the token")
                            .with("WWW-Authenticate", "Bearer"));
        }
        String given = authorization.substring(SCHEME.length()).strip();
        return MessageDigest.isEqual(token, given.getBytes(UTF_8))
                ? Optional.empty()
                : Optional.of(
                        Answer.of(401, "the bearer token is not the one of this load tester")
                                .with("WWW-Authenticate", "Bearer error=\"invalid_token\""));
    }

    @Override
    public String toString() {
        return isWanted() ? "BearerToken[set]" : "BearerToken[none]";
    }
}
