package dev.serinus.analysis.access;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A small OpenID Connect provider that knows one person, asks nothing of them, and is strict with
 * its client: its secret, the address it sends people back to, a code once only, and with the right
 * verifier (RFC 7636).
 */
public final class OidcProvider implements AutoCloseable {

    public static final String CLIENT = "serinus-web";
    public static final String SECRET = "a secret: of + the client, of 32 bytes and more";

    /** It takes long to make one. */
    private static final RSAKey KEY = key();

    private final HttpServer server;
    private final String redirect;
    private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();
    private final AtomicInteger asked = new AtomicInteger();
    private volatile UnaryOperator<JWTClaimsSet.Builder> person =
            claims ->
                    claims.subject("17")
                            .claim("email", "ada@example.com")
                            .claim("groups", List.of("sre"));
    private volatile boolean refuses;

    /**
     * @param redirect the one address that people are sent back to
     */
    public OidcProvider(String redirect) {
        this.redirect = redirect;
        try {
            server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException impossible) {
            throw new IllegalStateException(impossible);
        }
        serve("/.well-known/openid-configuration", _ -> metadata());
        serve("/keys", _ -> new JWKSet(KEY.toPublicJWK()).toString());
        server.createContext("/authorize", this::authorize);
        server.createContext("/token", this::token);
        server.start();
    }

    private static RSAKey key() {
        try {
            return new RSAKeyGenerator(2048).keyID("first").generate();
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    public String issuer() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** What its tokens say of the person from now on. */
    public void says(UnaryOperator<JWTClaimsSet.Builder> claims) {
        person = claims;
    }

    /** The person says no from now on. */
    public void refuses() {
        refuses = true;
    }

    /** How often somebody came to log in. */
    public int asked() {
        return asked.get();
    }

    @Override
    public void close() {
        server.stop(0);
    }

    @FunctionalInterface
    private interface Body {
        String of(HttpExchange exchange);
    }

    private void serve(String path, Body body) {
        server.createContext(path, exchange -> answer(exchange, 200, body.of(exchange)));
    }

    private String metadata() {
        return """
        {"issuer": "%1$s", "authorization_endpoint": "%1$s/authorize", "token_endpoint": "%1$s/token",
         "jwks_uri": "%1$s/keys", "response_types_supported": ["code"], "subject_types_supported": ["public"],
         "id_token_signing_alg_values_supported": ["RS256"], "code_challenge_methods_supported": ["S256"]}
        """
                .formatted(issuer());
    }

    private void authorize(HttpExchange exchange) throws IOException {
        asked.incrementAndGet();
        Map<String, String> query = form(exchange.getRequestURI().getRawQuery());
        if (!CLIENT.equals(query.get("client_id"))
                || !redirect.equals(query.get("redirect_uri"))
                || !"code".equals(query.get("response_type"))
                || !"S256".equals(query.get("code_challenge_method"))
                || !List.of(query.getOrDefault("scope", "").split(" ")).contains("openid")) {
            answer(exchange, 400, "this is no request of a client of mine: " + query);
            return;
        }
        String code = UUID.randomUUID().toString();
        codes.put(code, query);
        String state = URLEncoder.encode(query.getOrDefault("state", ""), UTF_8);
        exchange.getResponseHeaders()
                .set(
                        "Location",
                        refuses
                                ? redirect
                                        + "?error=access_denied&error_description=no&state="
                                        + state
                                : redirect + "?code=" + code + "&state=" + state);
        exchange.sendResponseHeaders(302, -1);
        exchange.close();
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> body =
                form(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        Map<String, String> asked = codes.remove(body.getOrDefault("code", ""));
        String basic =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        "%s:%s"
                                                .formatted(
                                                        URLEncoder.encode(CLIENT, UTF_8),
                                                        URLEncoder.encode(SECRET, UTF_8))
                                                .getBytes(US_ASCII));
        if (!basic.equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
            answer(exchange, 401, "{\"error\": \"invalid_client\"}");
        } else if (asked == null
                || !redirect.equals(body.get("redirect_uri"))
                || !"authorization_code".equals(body.get("grant_type"))
                || !challenge(body.getOrDefault("code_verifier", ""))
                        .equals(asked.get("code_challenge"))) {
            answer(exchange, 400, "{\"error\": \"invalid_grant\"}");
        } else {
            answer(
                    exchange,
                    200,
                    """
                    {"access_token": "opaque", "token_type": "Bearer", "expires_in": 300, "id_token": "%s"}\
                    """
                            .formatted(idToken(asked.getOrDefault("nonce", ""))));
        }
    }

    private String idToken(String nonce) {
        var claims =
                new JWTClaimsSet.Builder()
                        .issuer(issuer())
                        .audience(CLIENT)
                        .claim("nonce", nonce)
                        .issueTime(Date.from(Instant.now()))
                        .expirationTime(Date.from(Instant.now().plusSeconds(300)));
        var token =
                new SignedJWT(
                        new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(KEY.getKeyID()).build(),
                        person.apply(claims).build());
        try {
            token.sign(new RSASSASigner(KEY));
        } catch (JOSEException impossible) {
            throw new IllegalStateException(impossible);
        }
        return token.serialize();
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(verifier.getBytes(US_ASCII)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Map<String, String> form(String text) {
        return Stream.of(text.split("&", -1))
                .map(pair -> pair.split("=", 2))
                .filter(pair -> pair.length == 2)
                .collect(
                        Collectors.toMap(
                                pair -> URLDecoder.decode(pair[0], UTF_8),
                                pair -> URLDecoder.decode(pair[1], UTF_8)));
    }

    private static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
