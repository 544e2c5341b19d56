package dev.serinus.schemas.outgoing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs calls by the Standard Webhooks specification, so that a receiver can tell ours from a
 * forged one. With several keys each call carries a signature of each, which is how a key is
 * replaced without a gap.
 */
public final class Signer {

    private static final String PREFIX = "whsec_";

    private final List<SecretKeySpec> keys;

    private Signer(List<SecretKeySpec> keys) {
        this.keys = keys;
    }

    /** Signs nothing; calls still carry their id, by which a receiver knows a repeated one. */
    public static Signer none() {
        return new Signer(List.of());
    }

    /**
     * Keys as the specification writes them, {@code whsec_BASE64}, separated by commas or blanks.
     */
    public static Signer of(String keys) {
        return new Signer(
                Arrays.stream(keys.split("[,\\s]+"))
                        .filter(key -> !key.isEmpty())
                        .map(Signer::key)
                        .toList());
    }

    private static SecretKeySpec key(String text) {
        String base64 = text.startsWith(PREFIX) ? text.substring(PREFIX.length()) : text;
        try {
            byte[] key = Base64.getDecoder().decode(base64);
            if (key.length < 16) {
                throw new IllegalArgumentException("a signing key has at least 16 bytes");
            }
            return new SecretKeySpec(key, "HmacSHA256");
        } catch (IllegalArgumentException unreadable) {
            // Without the cause: its message may quote a part of the key.
            throw new IllegalArgumentException(
                    "a signing key is written whsec_BASE64, of 16 bytes or more");
        }
    }

    /** The headers webhook-id, webhook-timestamp and, with a key, webhook-signature. */
    public Map<String, String> headers(String id, Instant now, String body) {
        Map<String, String> headers = new LinkedHashMap<>();
        String timestamp = Long.toString(now.getEpochSecond());
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", timestamp);
        if (!keys.isEmpty()) {
            byte[] signed = (id + "." + timestamp + "." + body).getBytes(UTF_8);
            headers.put(
                    "webhook-signature",
                    keys.stream()
                            .map(key -> "v1," + signature(key, signed))
                            .collect(Collectors.joining(" ")));
        }
        return headers;
    }

    private static String signature(SecretKeySpec key, byte[] signed) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(key);
            return Base64.getEncoder().encodeToString(mac.doFinal(signed));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has HmacSHA256", impossible);
        }
    }

    @Override
    public String toString() {
        return "Signer[" + keys.size() + " keys]";
    }
}
