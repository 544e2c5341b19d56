package dev.serinus.analysis.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.DefaultJOSEObjectTypeVerifier;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jose.util.JSONObjectUtils;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Signed tokens of an OpenID Connect provider. Its keys are fetched when the first token comes, and
 * again when one names a key that is not known. Only signatures with public keys count, so that
 * nobody signs with what everybody may read.
 */
final class OidcTokens implements Authenticator {

    /** Of its names and groups: those of tokens that were handed out are others. */
    static final String PREFIX = "oidc:";

    private static final String EMAIL = "email";

    /** The type of a token is left out, or that of a JWT or of an access token (RFC 9068). */
    private static final DefaultJOSEObjectTypeVerifier<SecurityContext> TYPES =
            new DefaultJOSEObjectTypeVerifier<>(
                    JOSEObjectType.JWT, new JOSEObjectType("at+jwt"), null);

    private static final long KEPT_MILLIS = Duration.ofMinutes(5).toMillis();
    private static final long FETCHING_MILLIS = Duration.ofSeconds(15).toMillis();

    /**
     * So long before they are over they are fetched beside the requests. Names of keys that
     * somebody makes up use up what may be fetched; those who have a known key do not wait for it.
     */
    private static final long AHEAD_MILLIS = Duration.ofMinutes(4).toMillis();

    private static final Logger log = LoggerFactory.getLogger(OidcTokens.class);

    private static final Set<JWSAlgorithm> ALGORITHMS =
            Set.of(
                    JWSAlgorithm.RS256,
                    JWSAlgorithm.RS384,
                    JWSAlgorithm.RS512,
                    JWSAlgorithm.PS256,
                    JWSAlgorithm.PS384,
                    JWSAlgorithm.PS512,
                    JWSAlgorithm.ES256,
                    JWSAlgorithm.ES384,
                    JWSAlgorithm.ES512);

    private static final int PATIENCE_MILLIS = 3_000;
    private static final int MOST_BYTES = 256 * 1024;
    private static final int SKEW_SECONDS = 30;

    /** Those who come meanwhile do not stand in line for an issuer that does not answer. */
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final Oidc oidc;
    private @Nullable DefaultJWTProcessor<SecurityContext> processor; // guarded by this
    private long failedAt; // guarded by this; 0 while it did not fail

    OidcTokens(Oidc oidc) {
        this.oidc = oidc;
    }

    @Override
    public Optional<Caller> caller(String token) {
        return claims(token).flatMap(this::caller);
    }

    /** Whose token it is, if it was made for this login and no other. */
    Optional<Caller> callerOf(String token, String nonce) {
        return claims(token)
                .filter(claims -> nonce.equals(claims.getClaim("nonce")))
                .flatMap(this::caller);
    }

    private Optional<JWTClaimsSet> claims(String token) {
        try {
            return Optional.of(processor().process(token, null));
        } catch (ParseException | BadJOSEException notHis) {
            return Optional.empty();
        } catch (KeySourceException | IOException away) {
            throw unavailable(away);
        } catch (JOSEException notHis) {
            return Optional.empty();
        }
    }

    /**
     * It says so itself, and the provider need not be asked. Nothing is believed of one that is not
     * over.
     */
    @Override
    public boolean isOver(String token, Instant now) {
        try {
            Date until = JWTParser.parse(token).getJWTClaimsSet().getExpirationTime();
            return until != null && until.toInstant().plusSeconds(SKEW_SECONDS).isBefore(now);
        } catch (ParseException noSuchToken) {
            return false;
        }
    }

    /**
     * The provider cannot be asked, or was asked too often just now, so nobody knows whose token it
     * is.
     */
    private ProviderAway unavailable(Exception why) {
        log.atWarn()
                .addKeyValue("issuer", oidc.issuer())
                .addKeyValue("because", String.valueOf(why.getMessage()))
                .log("the keys of the OIDC provider cannot be read");
        return new ProviderAway(oidc.issuer(), why);
    }

    private Optional<Caller> caller(JWTClaimsSet claims) {
        return text(claims, oidc.nameClaim())
                .filter(_ -> isOfTheCaller(claims))
                .map(name -> new Caller(PREFIX + name, groups(claims)));
    }

    /** An address that the provider says it has not verified may be anybody's. */
    private boolean isOfTheCaller(JWTClaimsSet claims) {
        Object verified = claims.getClaim("email_verified");
        return !oidc.nameClaim().equals(EMAIL)
                || verified == null
                || verified.toString().equals("true");
    }

    private static Optional<String> text(JWTClaimsSet claims, String claim) {
        return claims.getClaim(claim) instanceof String text && !text.isBlank()
                ? Optional.of(text)
                : Optional.empty();
    }

    private Set<String> groups(JWTClaimsSet claims) {
        return claims.getClaim(oidc.groupsClaim()) instanceof List<?> groups
                ? groups.stream()
                        .filter(String.class::isInstance)
                        .map(String.class::cast)
                        .map(group -> PREFIX + group)
                        .collect(Collectors.toUnmodifiableSet())
                : Set.of();
    }

    private synchronized DefaultJWTProcessor<SecurityContext> processor() throws IOException {
        if (processor == null) {
            if (failedAt != 0 && System.nanoTime() - failedAt < PAUSE.toNanos()) {
                throw new IOException("it did not answer a moment ago");
            }
            try {
                processor = processor(keys());
            } catch (IOException away) {
                failedAt = System.nanoTime();
                throw away;
            }
        }
        return processor;
    }

    private DefaultJWTProcessor<SecurityContext> processor(JWKSource<SecurityContext> keys) {
        var made = new DefaultJWTProcessor<SecurityContext>();
        made.setJWSTypeVerifier(TYPES);
        made.setJWSKeySelector(new JWSVerificationKeySelector<>(ALGORITHMS, keys));
        var claims =
                new DefaultJWTClaimsVerifier<SecurityContext>(
                        oidc.audience(),
                        new JWTClaimsSet.Builder().issuer(oidc.issuer()).build(),
                        Set.of("exp", oidc.nameClaim()));
        claims.setMaxClockSkew(SKEW_SECONDS);
        made.setJWTClaimsSetVerifier(claims);
        return made;
    }

    private JWKSource<SecurityContext> keys() throws IOException {
        var fetched = new DefaultResourceRetriever(PATIENCE_MILLIS, PATIENCE_MILLIS, MOST_BYTES);
        URL keys = url(oidc.jwksUri() == null ? discovered(fetched) : oidc.jwksUri());
        return JWKSourceBuilder.<SecurityContext>create(keys, fetched)
                .cache(KEPT_MILLIS, FETCHING_MILLIS)
                .refreshAheadCache(AHEAD_MILLIS, false)
                .retrying(true)
                .outageTolerant(Duration.ofHours(1).toMillis())
                .build();
    }

    private String discovered(DefaultResourceRetriever fetched) throws IOException {
        String base = oidc.issuer().replaceFirst("/+$", "");
        var answer = fetched.retrieveResource(url(base + "/.well-known/openid-configuration"));
        try {
            Map<String, Object> told = JSONObjectUtils.parse(answer.getContent());
            if (!oidc.issuer().equals(told.get("issuer"))) {
                throw new IOException("%s says that it is another issuer".formatted(oidc.issuer()));
            }
            if (told.get("jwks_uri") instanceof String uri) {
                Oidc.requireSafe("jwks_uri", uri);
                return uri;
            }
        } catch (ParseException | IllegalArgumentException unfit) {
            throw new IOException(
                    "%s tells no keys: %s".formatted(oidc.issuer(), unfit.getMessage()), unfit);
        }
        throw new IOException("%s tells no keys".formatted(oidc.issuer()));
    }

    private static URL url(String text) throws IOException {
        return URI.create(text).toURL();
    }
}
