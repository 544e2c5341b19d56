package dev.serinus.analysis.access;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;

/**
 * Who may see and do what over HTTP.
 *
 * @param tokensFile names and hashes of tokens that were handed out; null for none
 * @param rulesFile what callers may do; null for seeing everything and doing nothing
 * @param oidcIssuer whose signed tokens are taken; null for nobody's
 * @param oidcAudience that these have to be made for
 * @param oidcJwksUri where the issuer's keys are; null where it tells
 * @param oidcNameClaim the claim that names a caller
 * @param oidcGroupsClaim the claim that lists the groups
 * @param actionsPerMinute of one caller
 */
@ConfigurationProperties("serinus.api")
public record AccessConfig(
        @Nullable Path tokensFile,
        @Nullable Path rulesFile,
        @Nullable String oidcIssuer,
        @Nullable String oidcAudience,
        @Nullable String oidcJwksUri,
        @Bindable(defaultValue = "sub") String oidcNameClaim,
        @Bindable(defaultValue = "groups") String oidcGroupsClaim,
        @Bindable(defaultValue = "60") int actionsPerMinute) {

    /** Nobody logs in. */
    public static final AccessConfig NONE =
            new AccessConfig(null, null, null, null, null, "sub", "groups", 60);

    public AccessConfig {
        // An empty variable is how charts say nothing.
        tokensFile = isBlank(tokensFile) ? null : tokensFile;
        rulesFile = isBlank(rulesFile) ? null : rulesFile;
        oidcIssuer = isBlank(oidcIssuer) ? null : oidcIssuer;
        oidcAudience = isBlank(oidcAudience) ? null : oidcAudience;
        oidcJwksUri = isBlank(oidcJwksUri) ? null : oidcJwksUri;
        oidcNameClaim = isBlank(oidcNameClaim) ? "sub" : oidcNameClaim;
        oidcGroupsClaim = isBlank(oidcGroupsClaim) ? "groups" : oidcGroupsClaim;
        if (actionsPerMinute < 1) {
            throw new IllegalArgumentException(
                    "serinus.api.actions-per-minute must be above 0, was " + actionsPerMinute);
        }
        if (oidcIssuer == null && (oidcAudience != null || oidcJwksUri != null)) {
            throw new IllegalArgumentException(
                    "serinus.api.oidc-audience and serinus.api.oidc-jwks-uri say nothing without"
                            + " serinus.api.oidc-issuer");
        }
    }

    private static boolean isBlank(@Nullable Object value) {
        return value == null || value.toString().isBlank();
    }

    /** Null where no signed tokens are taken. */
    @Nullable Oidc oidc() {
        return oidcIssuer == null
                ? null
                : new Oidc(
                        oidcIssuer,
                        oidcAudience == null ? "" : oidcAudience,
                        oidcJwksUri,
                        oidcNameClaim,
                        oidcGroupsClaim);
    }
}
