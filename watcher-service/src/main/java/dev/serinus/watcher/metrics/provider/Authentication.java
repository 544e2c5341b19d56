package dev.serinus.watcher.metrics.provider;

import dev.serinus.schemas.outgoing.TlsSettings;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/**
 * Who asks, as a MetricTemplate's {@code auth} says it and as it was read for this question.
 *
 * @param bearer a token to send as a bearer token; null to send none
 * @param client of OAuth2, whose tokens are to be sent; null without one
 * @param tls by which certificate, and whom to trust; null for none, and for whom everybody trusts
 */
public record Authentication(
        @Nullable String bearer, @Nullable OAuth2Client client, @Nullable TlsSettings tls) {

    /** Nobody but whom the Secret says. */
    public static final Authentication NONE = new Authentication(null, null, null);

    /** Whoever has this token. */
    public static Authentication bearing(String token) {
        return new Authentication(token, null, null);
    }

    /** A client of OAuth2. */
    public static Authentication of(OAuth2Client client) {
        return new Authentication(null, client, null);
    }

    /** Whoever has this certificate. */
    static Authentication of(@Nullable TlsSettings tls) {
        return new Authentication(null, null, tls);
    }

    /** The same, once its client has got this token. */
    Authentication with(String token) {
        return new Authentication(token, client, tls);
    }

    /** True when it says what is in the header {@code Authorization}. */
    boolean authorizes() {
        return bearer != null || client != null;
    }

    /** True when it says whom to trust. */
    boolean namesAuthorities() {
        return tls != null && tls.namesAuthorities();
    }

    boolean isNone() {
        return equals(NONE);
    }

    /** Texts that only the same authentication has, in this order. */
    List<@Nullable String> parts() {
        List<@Nullable String> parts = new ArrayList<>();
        parts.add(bearer);
        parts.add(String.valueOf(client != null));
        if (client != null) {
            parts.addAll(client.parts());
        }
        parts.add(tls == null ? null : tls.digest());
        return parts;
    }

    /** What no text may tell. */
    List<String> secrets() {
        List<String> secrets = new ArrayList<>();
        if (bearer != null) {
            secrets.add(bearer);
        }
        if (client != null) {
            secrets.add(client.secret());
        }
        return secrets;
    }

    /** Which kinds it has, and nothing of them. */
    @Override
    public String toString() {
        return "Authentication[bearer=%s, client=%s, tls=%s]"
                .formatted(bearer != null, client != null, tls);
    }
}
