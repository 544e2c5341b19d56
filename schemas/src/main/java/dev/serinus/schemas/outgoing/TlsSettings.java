package dev.serinus.schemas.outgoing;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * What connections of a call are made with where TLS needs more than the JVM knows: the certificate
 * by which we prove who we are, and the authorities that may vouch for the server. Two are equal
 * that were read from the same texts.
 */
public final class TlsSettings {

    /** The names that Kubernetes and cert-manager have for the three texts. */
    public static final String CERTIFICATE = "tls.crt";

    public static final String KEY = "tls.key";
    public static final String AUTHORITIES = "ca.crt";

    private static final int MOST_OF_A_CHAIN = 10;

    /** More than the authorities that everybody trusts are: reading takes a while for each. */
    private static final int MOST_AUTHORITIES = 250;

    private final String digest;
    private final List<X509Certificate> chain;
    private final @Nullable PrivateKey key;
    private final List<X509Certificate> authorities;
    private final boolean alone;

    private TlsSettings(
            String digest,
            List<X509Certificate> chain,
            @Nullable PrivateKey key,
            List<X509Certificate> authorities,
            boolean alone) {
        this.digest = digest;
        this.chain = List.copyOf(chain);
        this.key = key;
        this.authorities = List.copyOf(authorities);
        this.alone = alone;
    }

    /** What came of reading. */
    public sealed interface Reading {
        record Usable(TlsSettings settings) implements Reading {}

        /** All that is wrong, and nothing of what is in the texts. */
        record Wrong(List<String> because) implements Reading {
            public Wrong {
                because = List.copyOf(because);
            }
        }
    }

    /**
     * Reads PEM. Each may be missing, but a certificate has a key and a key a certificate.
     *
     * @param certificate ours, followed by those of the authorities between it and a root
     * @param key its private key, of RSA, of elliptic curves or Ed25519, without a passphrase
     * @param authorities that may vouch for the server: alone, in place of those the JVM knows;
     *     beside a certificate, with which its issuer's come, as well as those
     */
    public static Reading read(
            @Nullable String certificate, @Nullable String key, @Nullable String authorities) {
        return read(certificate, key, authorities, key == null);
    }

    /** The same of a certificate, its key, and authorities that alone may vouch for the server. */
    public static Reading pinned(
            @Nullable String certificate, @Nullable String key, @Nullable String authorities) {
        return read(certificate, key, authorities, true);
    }

    private static Reading read(
            @Nullable String certificate,
            @Nullable String key,
            @Nullable String authorities,
            boolean alone) {
        List<String> problems = new ArrayList<>();
        List<X509Certificate> chain =
                certificates(CERTIFICATE, certificate, MOST_OF_A_CHAIN, problems);
        PrivateKey ours = key(key, problems);
        List<X509Certificate> trusted =
                certificates(AUTHORITIES, authorities, MOST_AUTHORITIES, problems);
        if ((certificate == null) != (key == null)) {
            problems.add(
                    "there is %s without %s"
                            .formatted(
                                    key == null ? CERTIFICATE : KEY,
                                    key == null ? KEY : CERTIFICATE));
        } else if (certificate == null && authorities == null) {
            problems.add(
                    "there is neither %s with %s nor %s".formatted(CERTIFICATE, KEY, AUTHORITIES));
        }
        if (!chain.isEmpty() && ours != null && !belongs(ours, chain.getFirst().getPublicKey())) {
            problems.add(
                    "%s is not the key of the first certificate of %s".formatted(KEY, CERTIFICATE));
        }
        return problems.isEmpty()
                ? new Reading.Usable(
                        new TlsSettings(
                                digest(certificate, key, authorities, alone ? "alone" : null),
                                chain,
                                ours,
                                trusted,
                                alone))
                : new Reading.Wrong(problems);
    }

    private static List<X509Certificate> certificates(
            String name, @Nullable String text, int most, List<String> problems) {
        if (text == null) {
            return List.of();
        }
        try {
            return Pem.certificates(text, most);
        } catch (Pem.Unreadable wrong) {
            problems.add(name + " " + wrong.getMessage());
            return List.of();
        }
    }

    private static @Nullable PrivateKey key(@Nullable String text, List<String> problems) {
        if (text == null) {
            return null;
        }
        try {
            return Pem.key(text);
        } catch (Pem.Unreadable wrong) {
            problems.add(KEY + " " + wrong.getMessage());
            return null;
        }
    }

    private static boolean belongs(PrivateKey key, PublicKey other) {
        if (key instanceof RSAPrivateCrtKey ours) {
            // To sign takes long with such a key.
            return other instanceof RSAPublicKey theirs
                    && ours.getModulus().equals(theirs.getModulus())
                    && ours.getPublicExponent().equals(theirs.getPublicExponent());
        }
        byte[] anything = {1, 2, 3};
        try {
            var signature =
                    Signature.getInstance(
                            switch (key.getAlgorithm()) {
                                case "EC" -> "SHA256withECDSA";
                                default -> "EdDSA";
                            });
            signature.initSign(key);
            signature.update(anything);
            byte[] signed = signature.sign();
            signature.initVerify(other);
            signature.update(anything);
            return signature.verify(signed);
        } catch (GeneralSecurityException another) {
            return false; // a key of another kind
        }
    }

    private static String digest(@Nullable String... texts) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (String text : texts) {
                // With its length each is only itself, whatever is beside it.
                digest.update(((text == null ? -1 : text.length()) + ":").getBytes(UTF_8));
                digest.update((text == null ? "" : text).getBytes(UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /** A text that only the same settings have, and that tells nothing of them. */
    public String digest() {
        return digest;
    }

    /** True when only those whom its own authorities vouch for are trusted. */
    public boolean namesAuthorities() {
        return alone && !authorities.isEmpty();
    }

    /** Our certificate and what leads from it to a root; empty when we have none. */
    List<X509Certificate> chain() {
        return chain;
    }

    @Nullable PrivateKey key() {
        return key;
    }

    /** Who may vouch for the server beside or in place of those that the JVM knows. */
    List<X509Certificate> authorities() {
        return authorities;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TlsSettings that && digest.equals(that.digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    /** How many certificates there are, and nothing of them. */
    @Override
    public String toString() {
        return "TlsSettings[%d of ours, %d authorities]"
                .formatted(chain.size(), authorities.size());
    }
}
