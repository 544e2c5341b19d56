package dev.serinus.analysis.access;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How people log in with a browser, at the OpenID Connect provider whose tokens are taken.
 *
 * @param clientId by which the provider knows this installation; null where nobody logs in so
 * @param clientSecretFile has the secret that goes with it; null for a public client
 * @param keyFile has 32 bytes or more, the same for every replica, by which sessions are sealed;
 *     null where the client's secret is taken for that
 * @param publicUrl where people reach the dashboard, such as {@code https://serinus.example}; the
 *     provider sends them back to {@code /login/callback} there
 * @param scopes that are asked for, with blanks between
 * @param lasts how long one is logged in, a minute to a day
 */
@ConfigurationProperties("serinus.api.login")
public record LoginConfig(
        @Nullable String clientId,
        @Nullable Path clientSecretFile,
        @Nullable Path keyFile,
        @Nullable String publicUrl,
        @Bindable(defaultValue = "openid profile email") String scopes,
        @Bindable(defaultValue = "1h") Duration lasts) {

    private static final String DEFAULT_SCOPES = "openid profile email";

    /** Nobody logs in with a browser. */
    public static final LoginConfig NONE =
            new LoginConfig(null, null, null, null, DEFAULT_SCOPES, Duration.ofHours(1));

    /**
     * @throws IllegalArgumentException naming everything that is wrong
     */
    public LoginConfig {
        // An empty variable is how charts say nothing.
        clientId = isBlank(clientId) ? null : clientId;
        clientSecretFile = isBlank(clientSecretFile) ? null : clientSecretFile;
        keyFile = isBlank(keyFile) ? null : keyFile;
        publicUrl = publicUrl == null || publicUrl.isBlank() ? null : withoutSlash(publicUrl);
        scopes = isBlank(scopes) ? DEFAULT_SCOPES : scopes;
        List<String> wrong = new ArrayList<>();
        if (clientId == null) {
            if (clientSecretFile != null || keyFile != null || publicUrl != null) {
                wrong.add("serinus.api.login.* say nothing without serinus.api.login.client-id");
            }
        } else {
            checkAddress(publicUrl, wrong);
            if (clientSecretFile == null && keyFile == null) {
                wrong.add(
                        "serinus.api.login.key-file must be set where there is no"
                                + " serinus.api.login.client-secret-file: sessions are sealed by"
                                + " one of them");
            }
            if (!List.of(scopes.split("\\s+")).contains("openid")) {
                wrong.add("serinus.api.login.scopes must have openid, found '" + scopes + "'");
            }
        }
        if (lasts.compareTo(Duration.ofMinutes(1)) < 0 || lasts.compareTo(Duration.ofDays(1)) > 0) {
            wrong.add("serinus.api.login.lasts must be 1m to 24h, was " + lasts);
        }
        if (!wrong.isEmpty()) {
            throw new IllegalArgumentException(String.join("; ", wrong));
        }
    }

    private static void checkAddress(@Nullable String address, List<String> wrong) {
        String name = "serinus.api.login.public-url";
        if (address == null) {
            wrong.add(
                    name
                            + " must be set where serinus.api.login.client-id is: the provider"
                            + " sends people back there");
            return;
        }
        try {
            Oidc.requireSafe(name, address);
            var parsed = URI.create(address);
            if ((parsed.getRawPath() != null && !parsed.getRawPath().isEmpty())
                    || parsed.getRawQuery() != null
                    || parsed.getRawFragment() != null
                    || parsed.getRawUserInfo() != null) {
                wrong.add(
                        "%s must be an address alone, such as https://serinus.example, found '%s'"
                                .formatted(name, address));
            }
        } catch (IllegalArgumentException unsafe) {
            wrong.add(String.valueOf(unsafe.getMessage()));
        }
    }

    private static String withoutSlash(String address) {
        // Browsers leave the port out where it is the scheme's own.
        return address.strip()
                .replaceFirst("/+$", "")
                .replaceFirst("^(?i)(https://[^/:]+|https://\\[[^]/]+]):443$", "$1")
                .replaceFirst("^(?i)(http://[^/:]+|http://\\[[^]/]+]):80$", "$1");
    }

    private static boolean isBlank(@Nullable Object value) {
        return value == null || value.toString().isBlank();
    }
}
