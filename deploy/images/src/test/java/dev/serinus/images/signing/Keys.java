package dev.serinus.images.signing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.util.Base64;

/** Keys of this test run, as files. */
public record Keys(Path secret, Path open) {

    public static Keys in(Path folder, String name) throws IOException {
        return in(folder, name, "secp256r1");
    }

    static Keys in(Path folder, String name, String curve) throws IOException {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec(curve));
            KeyPair pair = generator.generateKeyPair();
            return new Keys(
                    pem(folder.resolve(name), "PRIVATE KEY", pair.getPrivate().getEncoded()),
                    pem(
                            folder.resolve(name + ".pub"),
                            "PUBLIC KEY",
                            pair.getPublic().getEncoded()));
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException(broken);
        }
    }

    static Path pem(Path file, String label, byte[] content) throws IOException {
        String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
        return Files.writeString(
                file,
                "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n".formatted(label, lines),
                US_ASCII);
    }
}
