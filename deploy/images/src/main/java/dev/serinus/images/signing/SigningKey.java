package dev.serinus.images.signing;

import dev.serinus.cli.Refused;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;

/** A key that signs. It has no text of its own, so that it is in no log. */
public final class SigningKey {

    private static final String OPTION = "--sign-key";

    private final ECPrivateKey key;

    private SigningKey(ECPrivateKey key) {
        this.key = key;
    }

    /**
     * Reads one: PKCS #8 in PEM, ECDSA on the curve P-256, not encrypted.
     *
     * @throws Refused if it is another, with what to do
     */
    public static SigningKey read(Path file) {
        var pem = Pem.read(OPTION, file);
        switch (pem.label()) {
            case "PRIVATE KEY" -> {}
            case "EC PRIVATE KEY" ->
                    throw Pem.no(
                            OPTION,
                            file,
                            "is in OpenSSL's older form: openssl pkcs8 -topk8 -nocrypt -in KEY");
            case "ENCRYPTED PRIVATE KEY" ->
                    throw Pem.no(
                            OPTION,
                            file,
                            "is encrypted: give it decrypted, in a file for the build alone"
                                    + " (openssl pkcs8 -in KEY)");
            default ->
                    throw Pem.no(
                            OPTION,
                            file,
                            "has a %s; a private key is wanted: openssl genpkey -algorithm EC"
                                            .formatted(pem.label())
                                    + " -pkeyopt ec_paramgen_curve:P-256");
        }
        try {
            var key =
                    KeyFactory.getInstance("EC")
                            .generatePrivate(new PKCS8EncodedKeySpec(pem.content()));
            if (key instanceof ECPrivateKey ec && P256.isOn(ec)) {
                return new SigningKey(ec);
            }
        } catch (GeneralSecurityException _) {
            // What the provider says of it may tell of the key.
        }
        throw Pem.no(OPTION, file, "is no key for ECDSA on the curve P-256");
    }

    /** A signature in DER, another one each time. */
    public byte[] sign(byte[] text) {
        try {
            var signature = Signature.getInstance(P256.SIGNATURE);
            signature.initSign(key);
            signature.update(text);
            return signature.sign();
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("each Java signs by ECDSA", broken);
        }
    }
}
