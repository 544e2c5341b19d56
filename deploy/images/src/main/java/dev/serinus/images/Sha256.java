package dev.serinus.images;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The SHA-256 of files. */
final class Sha256 {

    private Sha256() {}

    /** In lower-case hex. */
    static String of(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                var through = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            through.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(through.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException broken) {
            throw new IllegalStateException("each Java has SHA-256", broken);
        }
    }
}
