package dev.serinus.watcher.metrics.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs requests to AWS: Signature Version 4. */
final class AwsSignature {

    private static final String ALGORITHM = "AWS4-HMAC-SHA256";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private AwsSignature() {}

    /** The time of a signature as its header X-Amz-Date says it. */
    static String time(Instant now) {
        return TIME.format(now);
    }

    /**
     * The value of the header Authorization.
     *
     * @param path encoded, as it is sent
     * @param query encoded and in order, as it is sent; empty for none
     * @param headers that are signed, among them Host and X-Amz-Date
     */
    static String of(
            AwsKey key,
            String region,
            String service,
            String method,
            String path,
            String query,
            Map<String, String> headers,
            String body) {
        var signed = new TreeMap<String, String>();
        headers.forEach(
                (name, value) ->
                        signed.put(
                                name.toLowerCase(Locale.ROOT),
                                value.strip().replaceAll(" +", " ")));
        String names = String.join(";", signed.keySet());
        String request =
                String.join(
                        "\n",
                        method,
                        path,
                        query,
                        signed.entrySet().stream()
                                .map(each -> each.getKey() + ":" + each.getValue() + "\n")
                                .collect(Collectors.joining()),
                        names,
                        hash(body));
        String time = signed.getOrDefault("x-amz-date", "");
        String day = time.substring(0, 8);
        String scope = String.join("/", day, region, service, "aws4_request");
        byte[] secret = ("AWS4" + key.secret()).getBytes(UTF_8);
        for (String part : scope.split("/")) {
            secret = hmac(secret, part);
        }
        String signature =
                HexFormat.of()
                        .formatHex(
                                hmac(
                                        secret,
                                        String.join("\n", ALGORITHM, time, scope, hash(request))));
        return "%s Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                .formatted(ALGORITHM, key.id(), scope, names, signature);
    }

    private static String hash(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8)));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    private static byte[] hmac(byte[] key, String text) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(text.getBytes(UTF_8));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has HmacSHA256", impossible);
        }
    }
}
