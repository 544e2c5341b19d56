package dev.serinus.images.signing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.cli.Refused;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** Files of keys: which are taken, and that what is in one is never said. */
class KeyFilesTest {

    private static final String SECRET = "c2VjcmV0IG9mIHRoZSBrZXk=";

    @TempDir Path folder;

    @Test
    void whatOneHalfSignsTheOtherVerifies() throws IOException {
        Keys keys = Keys.in(folder, "key");
        byte[] text = "text".getBytes(UTF_8);

        byte[] signature = SigningKey.read(keys.secret()).sign(text);

        var key = VerificationKey.read(keys.open());
        assertThat(key.verifies(text, signature)).isTrue();
        assertThat(key.verifies("texts".getBytes(UTF_8), signature)).isFalse();
        assertThat(key.verifies(text, new byte[0])).isFalse();
        assertThat(VerificationKey.read(Keys.in(folder, "other").open()).verifies(text, signature))
                .isFalse();
    }

    static Stream<Arguments> others() {
        return Stream.of(
                arguments("EC PRIVATE KEY", "openssl pkcs8 -topk8 -nocrypt"),
                arguments("ENCRYPTED PRIVATE KEY", "is encrypted"),
                arguments("ENCRYPTED SIGSTORE PRIVATE KEY", "a private key is wanted"),
                arguments("PUBLIC KEY", "a private key is wanted"),
                arguments("PRIVATE KEY", "is no key for ECDSA on the curve P-256"));
    }

    @ParameterizedTest
    @MethodSource("others")
    void anotherFileIsRefusedWithWhatToDoAndNotWithWhatIsInIt(String label, String why)
            throws IOException {
        Path file =
                Files.writeString(
                        folder.resolve("key"),
                        "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                                .formatted(label, SECRET));

        assertThatThrownBy(() -> SigningKey.read(file))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("--sign-key: " + file)
                .hasMessageContaining(why)
                .hasMessageNotContaining(SECRET)
                .hasNoCause();
    }

    @Test
    void aKeyOnAnotherCurveIsRefused() throws IOException {
        Keys keys = Keys.in(folder, "key", "secp384r1");

        assertThatThrownBy(() -> SigningKey.read(keys.secret()))
                .hasMessageContaining("is no key for ECDSA on the curve P-256");
        assertThatThrownBy(() -> VerificationKey.read(keys.open()))
                .hasMessageContaining("is no key for ECDSA on the curve P-256");
    }

    @Test
    void whatIsNoPemOrNotThereIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("key"), SECRET);

        assertThatThrownBy(() -> SigningKey.read(file))
                .hasMessageContaining("is no PEM file")
                .hasMessageNotContaining(SECRET);
        assertThatThrownBy(() -> VerificationKey.read(folder.resolve("none")))
                .isInstanceOf(Refused.class)
                .hasMessageContaining("cannot be read (NoSuchFileException)");
    }
}
