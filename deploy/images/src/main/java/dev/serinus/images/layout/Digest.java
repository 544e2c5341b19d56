package dev.serinus.images.layout;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The name of a blob: {@code sha256:} and 64 digits in lower-case hex. */
public record Digest(String text) {

    private static final String ALGORITHM = "sha256:";
    private static final Pattern SHAPE = Pattern.compile("sha256:[0-9a-f]{64}");

    /**
     * @throws IllegalArgumentException if it is another text
     */
    public Digest {
        if (!SHAPE.matcher(text).matches()) {
            throw new IllegalArgumentException("no digest by SHA-256: " + text);
        }
    }

    public static Digest of(byte[] content) {
        return ofHash(sha256().digest(content));
    }

    /** Of all that is left in the stream. */
    public static Digest of(InputStream content) throws IOException {
        var through = new DigestInputStream(content, sha256());
        through.transferTo(OutputStream.nullOutputStream());
        return ofHash(through.getMessageDigest().digest());
    }

    /** Of a file. */
    public static Digest of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return of(in);
        }
    }

    private static Digest ofHash(byte[] hash) {
        return new Digest(ALGORITHM + HexFormat.of().formatHex(hash));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException broken) {
            throw new IllegalStateException("each Java has SHA-256", broken);
        }
    }

    /** Its digits alone. */
    public String hex() {
        return text.substring(ALGORITHM.length());
    }

    /** Where a layout has the blob. */
    String path() {
        return "blobs/sha256/" + hex();
    }

    @Override
    public String toString() {
        return text;
    }
}
