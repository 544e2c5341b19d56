package dev.serinus.installation.pods;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A provider of OAuth: clients show id and secret and get a signed token about themselves. */
final class TokenServer implements AutoCloseable {

    static final String AUDIENCE = "kafka";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECONDS = 3600;

    private final KeyPair keys;
    private final HttpServer http;
    private final Map<String, String> clients;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();

    /**
     * @param clients secrets by id
     */
    TokenServer(Map<String, String> clients) throws GeneralSecurityException {
        this.clients = Map.copyOf(clients);
        var generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        keys = generator.generateKeyPair();
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException noPort) {
            throw new UncheckedIOException(noPort);
        }
        http.createContext("/token", this::token);
        http.createContext("/keys", exchange -> answer(exchange, 200, keySet()));
        http.start();
    }

    String issuer() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    String tokens() {
        return issuer() + "/token";
    }

    String keys() {
        return issuer() + "/keys";
    }

    /** Who got a token. */
    Set<String> asked() {
        return Set.copyOf(asked);
    }

    private void token(HttpExchange exchange) throws IOException {
        String basic = exchange.getRequestHeaders().getFirst("Authorization");
        String[] shown =
                basic == null
                        ? new String[0]
                        : new String(Base64.getDecoder().decode(basic.replace("Basic ", "")), UTF_8)
                                .split(":", 2);
        if (shown.length != 2 || !shown[1].equals(clients.get(shown[0]))) {
            answer(exchange, 401, Map.of("error", "invalid_client"));
            return;
        }
        asked.add(shown[0]);
        answer(
                exchange,
                200,
                Map.of(
                        "access_token",
                        signed(shown[0]),
                        "token_type",
                        "Bearer",
                        "expires_in",
                        SECONDS));
    }

    private String signed(String subject) throws IOException {
        long now = Instant.now().getEpochSecond();
        String head = part(Map.of("alg", "RS256", "typ", "JWT", "kid", "one"));
        String body =
                part(
                        Map.of(
                                "sub",
                                subject,
                                "iss",
                                issuer(),
                                "aud",
                                AUDIENCE,
                                "iat",
                                now,
                                "exp",
                                now + SECONDS));
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(keys.getPrivate());
            signature.update((head + "." + body).getBytes(UTF_8));
            return head + "." + body + "." + encoded(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("the JDK signs by RSA", impossible);
        }
    }

    private Map<String, Object> keySet() {
        var key = (RSAPublicKey) keys.getPublic();
        return Map.of(
                "keys",
                List.of(
                        Map.of(
                                "kty",
                                "RSA",
                                "use",
                                "sig",
                                "alg",
                                "RS256",
                                "kid",
                                "one",
                                "n",
                                encoded(unsigned(key.getModulus())),
                                "e",
                                encoded(unsigned(key.getPublicExponent())))));
    }

    private static byte[] unsigned(BigInteger number) {
        byte[] bytes = number.toByteArray();
        return bytes[0] == 0 ? Arrays.copyOfRange(bytes, 1, bytes.length) : bytes;
    }

    private static String part(Map<String, Object> claims) throws IOException {
        return encoded(JSON.writeValueAsBytes(claims));
    }

    private static String encoded(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static void answer(HttpExchange exchange, int status, Map<String, ?> body)
            throws IOException {
        try (exchange) {
            byte[] bytes = JSON.writeValueAsBytes(body);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    @Override
    public void close() {
        http.stop(0);
    }
}
