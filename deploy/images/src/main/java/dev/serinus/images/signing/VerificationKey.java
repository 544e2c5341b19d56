package dev.serinus.images.signing;

import dev.serinus.cli.Refused;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.SignatureException;
import java.security.interfaces.ECPublicKey;
import java.security.spec.X509EncodedKeySpec;

/** The public half of a key that signs. */
public final class VerificationKey {

    private static final String OPTION = "--key";

    private final ECPublicKey key;

    private VerificationKey(ECPublicKey key) {
        this.key = key;
    }

    /**
     * Reads one, as {@code openssl pkey -pubout} and {@code cosign generate-key-pair} write it.
     *
     * @throws Refused if it is another
     */
    public static VerificationKey read(Path file) {
        var pem = Pem.read(OPTION, file);
        if (!pem.label().equals("PUBLIC KEY")) {
            throw Pem.no(
                    OPTION,
                    file,
                    "has a %s; a public key is wanted: openssl pkey -in KEY -pubout"
                            .formatted(pem.label()));
        }
        try {
            var key =
                    KeyFactory.getInstance("EC")
                            .generatePublic(new X509EncodedKeySpec(pem.content()));
            if (key instanceof ECPublicKey ec && P256.isOn(ec)) {
                return new VerificationKey(ec);
            }
        } catch (GeneralSecurityException _) {
            // Told below, whatever it is instead.
        }
        throw Pem.no(OPTION, file, "is no key for ECDSA on the curve P-256");
    }

    /** Whether it was the other half that signed this text; what is no signature is none. */
    public boolean verifies(byte[] text, byte[] signature) {
        try {
            var verifier = Signature.getInstance(P256.SIGNATURE);
            verifier.initVerify(key);
            verifier.update(text);
            return verifier.verify(signature);
        } catch (SignatureException _) {
            return false;
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("each Java verifies ECDSA", broken);
        }
    }
}
