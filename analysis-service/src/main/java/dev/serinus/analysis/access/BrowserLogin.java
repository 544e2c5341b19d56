package dev.serinus.analysis.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/**
 * Logs people in with a browser: the provider asks who they are and sends them back with a code,
 * which is redeemed here (authorization code with PKCE), so that no token is ever in a page. What a
 * browser keeps is sealed, and all that there is of a session: every replica can open it, and none
 * has to remember it.
 */
public final class BrowserLogin {

    /** Where the provider sends people back to. */
    public static final String CALLBACK = "/login/callback";

    private static final ObjectMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, String>> TEXTS = new TypeReference<>() {};

    private static final String SESSION = "session";
    private static final String PENDING = "pending";

    /** People may have to look for their second factor. */
    private static final Duration PENDING_LASTS = Duration.ofMinutes(10);

    /** Browsers take cookies of 4,096 bytes, with name and attributes. */
    private static final int MOST_OF_A_COOKIE = 3_800;

    private static final int MOST_OPENED = 256 * 1024;
    private static final int PATIENCE_MILLIS = 5_000;
    private static final int LEAST_OF_A_KEY = 32;
    private static final Duration PAUSE = Duration.ofSeconds(5);

    /** A place in the dashboard, and nothing that leads anywhere else. */
    private static final Pattern PLACE =
            Pattern.compile("#/([A-Za-z0-9/_.,~:?&=+-]|%[0-9A-Fa-f]{2}){0,1000}");

    private final Oidc oidc;
    private final LoginConfig config;
    private final InstantSource time;
    private final OidcTokens tokens;
    private final Seal seal;
    private final @Nullable Secret secret;
    private volatile @Nullable OIDCProviderMetadata provider;

    /** By no clock that can be set; 0 while it did not fail. Guarded by this. */
    private long failedAt;

    /**
     * Where a browser is sent, and what it keeps meanwhile.
     *
     * @param name of what it keeps: several tabs may be at the provider at once
     */
    public record Started(URI provider, String name, String pending, Duration lasts) {}

    /** What a browser keeps from now on, and the place in the dashboard that it goes on at. */
    public record Finished(Caller caller, String session, Duration lasts, String to) {}

    /** A session as it is sealed. */
    record Session(String name, Set<String> groups, long until) {}

    /**
     * @throws IllegalArgumentException naming what is wrong with the configuration
     */
    BrowserLogin(Oidc oidc, LoginConfig config, InstantSource time) {
        this.oidc = oidc;
        this.config = config;
        this.time = time;
        tokens =
                new OidcTokens(
                        new Oidc(
                                oidc.issuer(),
                                clientId().getValue(),
                                oidc.jwksUri(),
                                oidc.nameClaim(),
                                oidc.groupsClaim()));
        Path secretFile = config.clientSecretFile();
        byte[] given =
                secretFile == null
                        ? null
                        : read("serinus.api.login.client-secret-file", secretFile);
        secret = given == null ? null : new Secret(new String(given, UTF_8));
        Path keyFile = config.keyFile();
        byte[] key = keyFile == null ? given : read("serinus.api.login.key-file", keyFile);
        if (key == null) {
            throw new IllegalArgumentException("a session is sealed by a key or a secret");
        }
        if (key.length < LEAST_OF_A_KEY) {
            // Whoever logs in has something sealed, and could try words at it.
            throw new IllegalArgumentException(
                    "%s must have %d bytes or more, %s has %d: it seals sessions%s"
                            .formatted(
                                    keyFile == null
                                            ? "serinus.api.login.client-secret-file"
                                            : "serinus.api.login.key-file",
                                    LEAST_OF_A_KEY,
                                    keyFile == null ? secretFile : keyFile,
                                    key.length,
                                    keyFile == null
                                            ? " where there is no serinus.api.login.key-file"
                                            : ""));
        }
        seal = new Seal(key, String.join("\n", oidc.issuer(), config.clientId(), publicUrl()));
    }

    /** Without the blanks at its end that editors leave. */
    private static byte[] read(String what, Path file) {
        try {
            String text = Files.readString(file).strip();
            if (text.isEmpty()) {
                throw new IllegalArgumentException("%s: %s is empty".formatted(what, file));
            }
            return text.getBytes(UTF_8);
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    "%s cannot be read from %s".formatted(what, file), unreadable);
        }
    }

    private ClientID clientId() {
        return new ClientID(config.clientId());
    }

    /** The provider's address, for people. */
    public String issuer() {
        return oidc.issuer();
    }

    /** Where people reach this, without a slash at its end. */
    public String publicUrl() {
        return String.valueOf(config.publicUrl());
    }

    /** True where cookies go over TLS alone. */
    public boolean isSecure() {
        return publicUrl().startsWith("https://");
    }

    private URI callback() {
        return URI.create(publicUrl() + CALLBACK);
    }

    /**
     * Begins a login.
     *
     * @param to the fragment of the dashboard's address to come back to
     * @throws ProviderAway where the provider does not say how it logs in
     */
    public Started start(@Nullable String to) {
        var state = new State();
        var nonce = new Nonce();
        var verifier = new CodeVerifier();
        var request =
                new AuthenticationRequest.Builder(
                                ResponseType.CODE,
                                Scope.parse(config.scopes()),
                                clientId(),
                                callback())
                        .endpointURI(provider().getAuthorizationEndpointURI())
                        .state(state)
                        .nonce(nonce)
                        .codeChallenge(verifier, CodeChallengeMethod.S256)
                        .build();
        var pending =
                Map.of(
                        "state", state.getValue(),
                        "nonce", nonce.getValue(),
                        "verifier", verifier.getValue(),
                        "to", to != null && PLACE.matcher(to).matches() ? to : "#/fleet",
                        "until",
                                String.valueOf(
                                        time.instant().plus(PENDING_LASTS).getEpochSecond()));
        return new Started(
                request.toURI(),
                nameOf(state.getValue()),
                seal.seal(PENDING, bytes(pending)),
                PENDING_LASTS);
    }

    /** By which a browser keeps what belongs to a state; nothing else can be told by it. */
    public static String nameOf(String state) {
        return Tokens.hash(state).substring(0, 16);
    }

    /**
     * Ends a login that was begun in the same browser.
     *
     * @param answer what the provider sent along
     * @param pending what the browser kept; null where it has nothing
     * @throws NotLoggedIn saying why
     * @throws ProviderAway where the provider does not redeem the code
     */
    public Finished finish(Map<String, String> answer, @Nullable String pending)
            throws NotLoggedIn {
        Map<String, String> begun = begun(pending);
        if (!begun.getOrDefault("state", "?").equals(answer.get("state"))) {
            throw new NotLoggedIn("this is no answer to a login of this browser: begin again");
        }
        if (answer.containsKey("error")) {
            throw new NotLoggedIn(
                    "the provider says %s: %s"
                            .formatted(
                                    answer.get("error"),
                                    answer.getOrDefault("error_description", "no more")));
        }
        String code = answer.get("code");
        if (code == null || code.isBlank()) {
            throw new NotLoggedIn("the provider sent no code");
        }
        String token = redeemed(code, String.valueOf(begun.get("verifier")));
        var caller =
                tokens.callerOf(token, String.valueOf(begun.get("nonce")))
                        .orElseThrow(
                                () ->
                                        new NotLoggedIn(
                                                "the token of %s is not one for this client, or"
                                                                .formatted(oidc.issuer())
                                                        + " does not name you by the claim "
                                                        + oidc.nameClaim()));
        String session =
                seal.seal(
                        SESSION,
                        bytes(
                                new Session(
                                        caller.name(),
                                        caller.groups(),
                                        time.instant().plus(config.lasts()).getEpochSecond())));
        if (session.length() > MOST_OF_A_COOKIE) {
            throw new NotLoggedIn(
                    "you are in %d groups, more than a cookie holds: let the provider name only those that the rules here speak of, in the claim %s"
                            .formatted(caller.groups().size(), oidc.groupsClaim()));
        }
        return new Finished(caller, session, config.lasts(), begun.getOrDefault("to", "#/fleet"));
    }

    /** Whose session it is; empty for one that was not made here, or that is over. */
    public Optional<Caller> caller(String session) {
        byte[] opened = seal.open(SESSION, session);
        if (opened == null) {
            return Optional.empty();
        }
        try {
            Session known = JSON.readValue(inflated(opened), Session.class);
            return time.instant().getEpochSecond() < known.until()
                    ? Optional.of(new Caller(known.name(), known.groups()))
                    : Optional.empty();
        } catch (IOException unreadable) {
            // Of a release that writes it otherwise.
            return Optional.empty();
        }
    }

    private Map<String, String> begun(@Nullable String pending) throws NotLoggedIn {
        byte[] opened = pending == null ? null : seal.open(PENDING, pending);
        if (opened == null) {
            throw new NotLoggedIn(
                    "this browser has not begun to log in here, or takes no cookies: begin again");
        }
        try {
            Map<String, String> begun = JSON.readValue(inflated(opened), TEXTS);
            if (time.instant().getEpochSecond()
                    >= Long.parseLong(begun.getOrDefault("until", "0"))) {
                throw new NotLoggedIn("it took too long: begin again");
            }
            return begun;
        } catch (IOException unreadable) {
            throw new UncheckedIOException("it was sealed here", unreadable);
        }
    }

    private String redeemed(String code, String verifier) throws NotLoggedIn {
        var grant =
                new AuthorizationCodeGrant(
                        new AuthorizationCode(code), callback(), new CodeVerifier(verifier));
        var where = provider().getTokenEndpointURI();
        TokenRequest.Builder request =
                secret == null
                        ? new TokenRequest.Builder(where, clientId(), grant)
                        : new TokenRequest.Builder(
                                where,
                                takesBasic()
                                        ? new ClientSecretBasic(clientId(), secret)
                                        : new ClientSecretPost(clientId(), secret),
                                grant);
        try {
            HTTPRequest http = request.build().toHTTPRequest();
            http.setConnectTimeout(PATIENCE_MILLIS);
            http.setReadTimeout(PATIENCE_MILLIS);
            http.setFollowRedirects(false);
            var response = OIDCTokenResponseParser.parse(http.send());
            if (!(response instanceof OIDCTokenResponse told)) {
                var error = response.toErrorResponse().getErrorObject();
                throw new NotLoggedIn(
                        "the provider does not redeem its code: "
                                + (error == null ? "it does not say why" : error.getCode()));
            }
            return told.getOIDCTokens().getIDTokenString();
        } catch (IOException away) {
            throw new ProviderAway(oidc.issuer(), away);
        } catch (ParseException unfit) {
            throw new NotLoggedIn("the provider's answer is no answer of OpenID Connect");
        }
    }

    /** The way of a provider that does not say which it takes. */
    private boolean takesBasic() {
        List<ClientAuthenticationMethod> known = provider().getTokenEndpointAuthMethods();
        return known == null
                || known.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                || !known.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST);
    }

    /** What it tells of itself, once it has. */
    private OIDCProviderMetadata provider() {
        var known = provider;
        return known == null ? asked() : known;
    }

    /** One asks at a time, and those who wait behind it do not ask one that is away. */
    private synchronized OIDCProviderMetadata asked() {
        var known = provider;
        if (known != null) {
            return known;
        }
        if (failedAt != 0 && System.nanoTime() - failedAt < PAUSE.toNanos()) {
            throw new ProviderAway(
                    oidc.issuer(), new IOException("it did not answer a moment ago"));
        }
        try {
            var told =
                    OIDCProviderMetadata.resolve(
                            new Issuer(oidc.issuer()), PATIENCE_MILLIS, PATIENCE_MILLIS);
            for (URI each :
                    new URI[] {told.getAuthorizationEndpointURI(), told.getTokenEndpointURI()}) {
                if (each == null) {
                    throw new IOException("it does not say where it logs in");
                }
                Oidc.requireSafe("an address of the provider", each.toString());
            }
            provider = told;
            return told;
        } catch (GeneralException | IOException | IllegalArgumentException away) {
            failedAt = System.nanoTime();
            throw new ProviderAway(oidc.issuer(), away);
        }
    }

    private static byte[] bytes(Object value) {
        var bytes = new ByteArrayOutputStream();
        try (var deflated = new DeflaterOutputStream(bytes)) {
            JSON.writeValue(deflated, value);
        } catch (IOException impossible) {
            throw new UncheckedIOException("it is written to memory", impossible);
        }
        return bytes.toByteArray();
    }

    private static byte[] inflated(byte[] deflated) throws IOException {
        try (var content = new InflaterInputStream(new ByteArrayInputStream(deflated))) {
            return content.readNBytes(MOST_OPENED);
        }
    }
}
