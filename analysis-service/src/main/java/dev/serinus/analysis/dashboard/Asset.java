package dev.serinus.analysis.dashboard;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * One file of the dashboard.
 *
 * @param text what is in it; all of them are texts
 * @param type media type
 * @param lasts true for one whose path names its version, so that nobody has to ask again
 */
record Asset(String text, String type, boolean lasts) {

    /** Of just this content. */
    String tag() {
        return '"' + sha256(text) + '"';
    }

    static String sha256(String text) {
        try {
            return Base64.getEncoder()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException everyPlatformHasIt) {
            throw new IllegalStateException(everyPlatformHasIt);
        }
    }
}
