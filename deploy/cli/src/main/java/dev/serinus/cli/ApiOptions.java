package dev.serinus.cli;

import dev.serinus.analysis.access.Access;
import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.analysis.access.LoginConfig;
import dev.serinus.schemas.canary.Durations;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** Who logs in at the API of {@code run}, and may do what. */
final class ApiOptions {

    @Option(
            names = "--api-tokens-file",
            paramLabel = "FILE",
            description =
                    "Who logs in with a token: on each line a name, sha256: and the hash of the"
                            + " token in hexadecimal, and groups, with commas between"
                            + " (default: SERINUS_API_TOKENS_FILE, or nobody).")
    private @Nullable String tokensFile;

    @Option(
            names = "--api-rules-file",
            paramLabel = "FILE",
            description =
                    "Who may see and do what (default: SERINUS_API_RULES_FILE, or: whoever logs in"
                            + " sees everything and does nothing).")
    private @Nullable String rulesFile;

    @Option(
            names = "--api-oidc-issuer",
            paramLabel = "URL",
            description =
                    "OpenID Connect provider whose signed tokens are taken (default:"
                            + " SERINUS_API_OIDC_ISSUER, or none).")
    private @Nullable String oidcIssuer;

    @Option(
            names = "--api-oidc-audience",
            paramLabel = "NAME",
            description =
                    "Audience that such a token has to be made for (default:"
                            + " SERINUS_API_OIDC_AUDIENCE).")
    private @Nullable String oidcAudience;

    @Option(
            names = "--api-login-client-id",
            paramLabel = "ID",
            description =
                    "Client of that provider as which people log in at the dashboard (default:"
                            + " SERINUS_API_LOGIN_CLIENT_ID, or they do not).")
    private @Nullable String loginClientId;

    @Option(
            names = "--api-login-client-secret-file",
            paramLabel = "FILE",
            description =
                    "File with the client's secret (default:"
                            + " SERINUS_API_LOGIN_CLIENT_SECRET_FILE).")
    private @Nullable String loginClientSecretFile;

    @Option(
            names = "--api-login-public-url",
            paramLabel = "URL",
            description =
                    "Where people reach the dashboard, such as https://serinus.example; the"
                            + " provider has to know URL/login/callback (default:"
                            + " SERINUS_API_LOGIN_PUBLIC_URL).")
    private @Nullable String loginPublicUrl;

    /** What the flags and the environment say; what cannot be is added to what is wrong. */
    AccessConfig settings(Map<String, String> environment, List<String> wrong) {
        String tokens = or(tokensFile, environment, "SERINUS_API_TOKENS_FILE");
        String rules = or(rulesFile, environment, "SERINUS_API_RULES_FILE");
        int perMinute = perMinute(environment, wrong);
        try {
            var config =
                    new AccessConfig(
                            tokens == null ? null : Path.of(tokens),
                            rules == null ? null : Path.of(rules),
                            or(oidcIssuer, environment, "SERINUS_API_OIDC_ISSUER"),
                            or(oidcAudience, environment, "SERINUS_API_OIDC_AUDIENCE"),
                            environment.get("SERINUS_API_OIDC_JWKS_URI"),
                            environment.getOrDefault("SERINUS_API_OIDC_NAME_CLAIM", "sub"),
                            environment.getOrDefault("SERINUS_API_OIDC_GROUPS_CLAIM", "groups"),
                            perMinute);
            var _ = Access.of(config, LoginConfig.NONE, true, InstantSource.system());
            return config;
        } catch (IllegalArgumentException unusable) {
            wrong.add(String.valueOf(unusable.getMessage()));
            return AccessConfig.NONE;
        }
    }

    /**
     * How people log in with a browser.
     *
     * @param access who logs in at all
     */
    LoginConfig browserLogin(
            AccessConfig access, Map<String, String> environment, List<String> wrong) {
        String secret =
                or(loginClientSecretFile, environment, "SERINUS_API_LOGIN_CLIENT_SECRET_FILE");
        String key = or(null, environment, "SERINUS_API_LOGIN_KEY_FILE");
        String lasts = or(null, environment, "SERINUS_API_LOGIN_LASTS");
        try {
            var config =
                    new LoginConfig(
                            or(loginClientId, environment, "SERINUS_API_LOGIN_CLIENT_ID"),
                            secret == null ? null : Path.of(secret),
                            key == null ? null : Path.of(key),
                            or(loginPublicUrl, environment, "SERINUS_API_LOGIN_PUBLIC_URL"),
                            environment.getOrDefault("SERINUS_API_LOGIN_SCOPES", ""),
                            lasts == null
                                    ? LoginConfig.NONE.lasts()
                                    : Durations.parse(lasts)
                                            .orElseThrow(
                                                    () ->
                                                            new IllegalArgumentException(
                                                                    "SERINUS_API_LOGIN_LASTS must be a time such as 1h; found '%s'"
                                                                            .formatted(lasts))));
            var _ = Access.of(access, config, true, InstantSource.system());
            return config;
        } catch (IllegalArgumentException unusable) {
            wrong.add(String.valueOf(unusable.getMessage()));
            return LoginConfig.NONE;
        }
    }

    private static int perMinute(Map<String, String> environment, List<String> wrong) {
        String variable = "SERINUS_API_ACTIONS_PER_MINUTE";
        String written = environment.getOrDefault(variable, "60");
        if (!written.matches("[1-9][0-9]{0,8}")) {
            wrong.add("%s must be a number above 0; found '%s'".formatted(variable, written));
            return AccessConfig.NONE.actionsPerMinute();
        }
        return Integer.parseInt(written);
    }

    private static @Nullable String or(
            @Nullable String flag, Map<String, String> environment, String variable) {
        String value = flag == null ? environment.get(variable) : flag;
        return value == null || value.isBlank() ? null : value;
    }
}
