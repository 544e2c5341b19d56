package dev.serinus.watcher.metrics.provider;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** The key of a service account, made for tests, and where Google exchanges it for a token. */
final class GoogleTokens {

    static final KeyPair KEYS = keys();
    static final String ADDRESS = "https://oauth2.googleapis.com";
    static final String METADATA = "http://metadata.google.internal";
    static final String TOKEN = "ya29.lab-token";
    static final String ANSWER = "{\"access_token\":\"%s\",\"expires_in\":3600}".formatted(TOKEN);

    /** A whole key file. */
    static final String KEY = key("\"project_id\":\"of-the-key\",");

    private GoogleTokens() {}

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            return generator.generateKeyPair();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** A key file with more in it. */
    static String key(String more) {
        String pem =
                "-----BEGIN PRIVATE KEY-----\\n"
                        + Base64.getMimeEncoder(64, "\n".getBytes(UTF_8))
                                .encodeToString(KEYS.getPrivate().getEncoded())
                                .replace("\n", "\\n")
                        + "\\n-----END PRIVATE KEY-----\\n";
        return "{\"type\":\"service_account\",%s\"private_key_id\":\"k1\",\"private_key\":\"%s\",\"client_email\":\"lab@lab.iam.example\"}"
                .formatted(more, pem);
    }
}
