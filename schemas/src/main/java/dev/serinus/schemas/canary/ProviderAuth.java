package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How a MetricTemplate says who asks, for any provider with an address, beside what its kind of
 * provider has for that in its Secret. Flagger has none of it.
 *
 * @param bearerTokenFile a file of the template's namespace, in the directory that the operator set
 *     for such files; its token is sent as a bearer token
 * @param oauth2 where access tokens are to be had, which are sent as bearer tokens
 * @param tls the certificate by which we prove who we are, and who may vouch for the server
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ProviderAuth(
        @Nullable String bearerTokenFile, @Nullable OAuth2 oauth2, @Nullable Tls tls) {

    /**
     * What TLS needs more than everybody knows.
     *
     * @param secretRef the Secret of the template's namespace with {@code tls.crt} and {@code
     *     tls.key}, or {@code ca.crt}, or all of them, as cert-manager writes it
     * @param caSecretRef the Secret whose {@code ca.crt} says beside a certificate who may vouch
     *     for the server, and nobody else; when it is null those who everybody trusts may, too
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Tls(SecretRef secretRef, @Nullable SecretRef caSecretRef) {}

    /**
     * A client of OAuth2 that gets tokens by its own credentials (RFC 6749, section 4.4).
     *
     * @param tokenUrl the token endpoint
     * @param scopes to ask for
     * @param endpointParams what the endpoint wants to be told besides, such as an audience
     * @param clientAuthentication how the client proves who it is: {@code basic} in a header, which
     *     is meant when it is null, or {@code post} in the body
     * @param secretRef the Secret of the template's namespace with {@code client_secret}
     * @param tls the same for the token endpoint as {@code tls} is for the provider
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record OAuth2(
            String tokenUrl,
            String clientId,
            @Nullable List<String> scopes,
            @Nullable Map<String, String> endpointParams,
            @Nullable String clientAuthentication,
            SecretRef secretRef,
            @Nullable Tls tls) {

        /** The key of the Secret. */
        public static final String CLIENT_SECRET = "client_secret";

        /** Leaves out where and as whom. */
        @Override
        public String toString() {
            return "OAuth2[]";
        }
    }

    /** Names of files that stay below the directory they are looked for in. */
    static final String FILE = "[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*";

    private static final Pattern FILES = Pattern.compile(FILE);
    private static final int LONGEST_FILE = 253;

    /** True for a name that leads nowhere else: no part of it is empty or begins with a dot. */
    public static boolean isFile(String name) {
        return name.length() <= LONGEST_FILE && FILES.matcher(name).matches();
    }
}
