package dev.serinus.watcher.metrics.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.outgoing.Addresses;
import dev.serinus.schemas.outgoing.TlsSettings;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A client of OAuth2, and where it gets its tokens.
 *
 * @param parameters what the token endpoint wants to be told besides
 * @param inBody true to send the client's name and secret in the body, false in a header
 * @param tls by which certificate the token endpoint knows us, and whom to trust there
 */
public record OAuth2Client(
        String tokenUrl,
        String id,
        String secret,
        List<String> scopes,
        Map<String, String> parameters,
        boolean inBody,
        @Nullable TlsSettings tls) {

    public OAuth2Client {
        scopes = List.copyOf(scopes);
        parameters = Map.copyOf(parameters);
    }

    /**
     * Where the token endpoint is, without its path, which may end with a slash or have a query.
     */
    String server() throws WrongSettings {
        URI uri = uri();
        return uri.getScheme() + "://" + uri.getRawAuthority();
    }

    /** The path of the token endpoint, and its query. */
    String path() throws WrongSettings {
        URI uri = uri();
        String path = uri.getRawPath() == null ? "" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    private URI uri() throws WrongSettings {
        return Addresses.parse(tokenUrl)
                .filter(uri -> uri.getUserInfo() == null)
                .orElseThrow(
                        () ->
                                new WrongSettings(
                                        "spec.provider.auth.oauth2.tokenUrl is no URL with a host"
                                                + " and without a user"));
    }

    /** The header by which the client proves who it is, both parts encoded as RFC 6749 says. */
    String basic() {
        return HttpSource.basic(
                URLEncoder.encode(id, UTF_8) + ":" + URLEncoder.encode(secret, UTF_8));
    }

    /** The body of the request for a token. */
    String form() {
        List<HttpSource.Parameter> form = new ArrayList<>();
        form.add(new HttpSource.Parameter("grant_type", "client_credentials"));
        if (!scopes.isEmpty()) {
            form.add(new HttpSource.Parameter("scope", String.join(" ", scopes)));
        }
        new TreeMap<>(parameters)
                .forEach((name, value) -> form.add(new HttpSource.Parameter(name, value)));
        if (inBody) {
            form.add(new HttpSource.Parameter("client_id", id));
            form.add(new HttpSource.Parameter("client_secret", secret));
        }
        return QueryEncoding.form(form);
    }

    /** Texts that only the same client has, in this order. */
    List<@Nullable String> parts() {
        List<@Nullable String> parts = new ArrayList<>();
        parts.add(tokenUrl);
        parts.add(id);
        parts.add(secret);
        parts.add(String.valueOf(inBody));
        parts.add(tls == null ? null : tls.digest());
        parts.add(String.valueOf(scopes.size()));
        parts.addAll(scopes);
        new TreeMap<>(parameters)
                .forEach(
                        (name, value) -> {
                            parts.add(name);
                            parts.add(value);
                        });
        return parts;
    }

    /** Nothing of it. */
    @Override
    public String toString() {
        return "OAuth2Client[]";
    }
}
