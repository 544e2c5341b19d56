package dev.serinus.watcher.metrics.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.outgoing.Addresses;

import org.jspecify.annotations.Nullable;

import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The key of a Google service account, as its JSON file has it.
 *
 * @param project of the account; null where the file does not say
 * @param tokens where the key is exchanged for an access token
 * @param digest of the whole file
 */
record GoogleKey(
        String account,
        @Nullable String id,
        PrivateKey key,
        @Nullable String project,
        URI tokens,
        String digest) {

    private static final String TOKENS = "https://oauth2.googleapis.com/token";
    private static final Duration LIFE = Duration.ofHours(1);

    /** Bits; Google's have 2,048. What signs with a longer one takes seconds. */
    private static final int LONGEST = 8192;

    /**
     * Reads one.
     *
     * @param called what the text is, for the words of what is wrong with it; nothing is quoted
     */
    static GoogleKey read(String text, String called) throws WrongSettings {
        JsonNode file = tree(text, called);
        String type = file.path("type").asText();
        if (!type.equals("service_account")) {
            throw new WrongSettings(
                    called
                            + " must be the key of a service account: its type must be"
                            + " service_account");
        }
        String account = file.path("client_email").asText();
        if (account.isEmpty()) {
            throw new WrongSettings(called + " has no client_email");
        }
        URI tokens =
                Addresses.parse(file.path("token_uri").asText(TOKENS))
                        .filter(uri -> "https".equalsIgnoreCase(uri.getScheme()))
                        .orElseThrow(
                                () -> new WrongSettings(called + ": token_uri is no https URL"));
        return new GoogleKey(
                account,
                file.path("private_key_id").textValue(),
                key(file.path("private_key").asText(), called),
                file.path("project_id").textValue(),
                tokens,
                digest(text));
    }

    private static JsonNode tree(String text, String called) throws WrongSettings {
        try {
            return JsonText.read(text)
                    .filter(JsonNode::isObject)
                    .orElseThrow(
                            () ->
                                    new WrongSettings(
                                            called + " is no JSON: it must be a whole key file"));
        } catch (JsonText.TooMany _) {
            throw new WrongSettings(called + " is longer than the key of a service account");
        }
    }

    private static PrivateKey key(String pem, String called) throws WrongSettings {
        try {
            byte[] bytes =
                    Base64.getMimeDecoder()
                            .decode(
                                    pem.replace("-----BEGIN PRIVATE KEY-----", "")
                                            .replace("-----END PRIVATE KEY-----", ""));
            var read =
                    KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(bytes));
            if (read instanceof RSAKey rsa && rsa.getModulus().bitLength() > LONGEST) {
                throw new WrongSettings(
                        "%s: private_key has more than %d bits".formatted(called, LONGEST));
            }
            return read;
        } catch (IllegalArgumentException | GeneralSecurityException _) {
            throw new WrongSettings(called + ": private_key is no RSA key in PKCS #8");
        }
    }

    /** Of a whole file. */
    static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** Says who we are and what we ask for: a JWT that Google exchanges for an access token. */
    String assertion(String scope, Instant now) {
        var header = JsonText.JSON.createObjectNode().put("alg", "RS256").put("typ", "JWT");
        if (id != null) {
            header.put("kid", id);
        }
        var claims =
                JsonText.JSON
                        .createObjectNode()
                        .put("iss", account)
                        .put("scope", scope)
                        .put("aud", tokens.toString())
                        .put("iat", now.getEpochSecond())
                        .put("exp", now.plus(LIFE).getEpochSecond());
        String said = encoded(header.toString()) + "." + encoded(claims.toString());
        try {
            var signature = Signature.getInstance("SHA256withRSA");
            signature.initSign(key);
            signature.update(said.getBytes(UTF_8));
            return said
                    + "."
                    + Base64.getUrlEncoder().withoutPadding().encodeToString(signature.sign());
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK signs with an RSA key", impossible);
        }
    }

    private static String encoded(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    /** The account only. */
    @Override
    public String toString() {
        return "GoogleKey[" + account + "]";
    }
}
