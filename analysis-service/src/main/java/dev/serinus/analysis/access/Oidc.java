package dev.serinus.analysis.access;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.util.Set;

/**
 * Whose signed tokens are taken.
 *
 * @param issuer as its tokens name it
 * @param audience that a token has to be made for
 * @param jwksUri where its keys are; null where the issuer tells
 * @param nameClaim the claim that names a caller
 * @param groupsClaim the claim that lists the caller's groups
 */
public record Oidc(
        String issuer,
        String audience,
        @Nullable String jwksUri,
        String nameClaim,
        String groupsClaim) {

    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    public Oidc {
        requireSafe("serinus.api.oidc-issuer", issuer);
        if (jwksUri != null) {
            requireSafe("serinus.api.oidc-jwks-uri", jwksUri);
        }
        if (audience.isBlank()) {
            throw new IllegalArgumentException(
                    "serinus.api.oidc-audience must be set where serinus.api.oidc-issuer is:"
                            + " tokens that were made for somebody else are refused by it");
        }
    }

    /** Keys that came over an open line could be anybody's. */
    static void requireSafe(String what, String uri) {
        URI parsed;
        try {
            parsed = URI.create(uri);
        } catch (IllegalArgumentException unreadable) {
            throw new IllegalArgumentException(
                    "%s is no address: '%s'".formatted(what, uri), unreadable);
        }
        String host = parsed.getHost();
        boolean safe =
                "https".equals(parsed.getScheme())
                        || ("http".equals(parsed.getScheme())
                                && host != null
                                && LOOPBACK.contains(host));
        if (!safe || host == null) {
            throw new IllegalArgumentException(
                    "%s must begin with https:// (http:// on loopback alone), found '%s'"
                            .formatted(what, uri));
        }
    }
}
