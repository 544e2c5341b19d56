package dev.serinus.schemas.outgoing;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.HexFormat;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** An authority for tests, and servers and clients that it vouches for. */
public final class TestAuthority {

    private static final byte[] ECDSA = sequence(oid("2a8648ce3d040302"));
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private final String name;
    private final KeyPair keys = keys("EC");
    private final byte[] certificate;
    private long serial = 1;

    public TestAuthority(String name) {
        this.name = name;
        this.certificate = certificate(name, keys.getPublic(), true);
    }

    /** Somebody with a certificate of the authority, in PEM. */
    public record Vouched(String certificate, PrivateKey key) {

        /** The key in PKCS #8 in PEM. */
        public String pkcs8() {
            return pem("PRIVATE KEY", key.getEncoded());
        }
    }

    /** The authority's own certificate in PEM. */
    public String certificate() {
        return pem("CERTIFICATE", certificate);
    }

    /** Vouches for somebody of this name, who may be a server on 127.0.0.1. */
    public Vouched vouch(String subject, String kindOfKey) {
        var pair = keys(kindOfKey);
        return new Vouched(
                pem("CERTIFICATE", certificate(subject, pair.getPublic(), false)),
                pair.getPrivate());
    }

    /** What a server is set up with whose clients this authority vouches for. */
    public SSLContext server() throws GeneralSecurityException, IOException {
        var server = vouch("server", "EC");
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry(
                "server",
                server.key(),
                new char[0],
                new Certificate[] {x509(server.certificate())});
        var keyManagers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keyManagers.init(store, new char[0]);
        var trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry("authority", x509(certificate()));
        var trustManagers =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trustManagers.init(trusted);
        var context = SSLContext.getInstance("TLS");
        context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
        return context;
    }

    /** DER as PEM. */
    public static String pem(String label, byte[] der) {
        return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
                .formatted(
                        label,
                        Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(der),
                        label);
    }

    private static Certificate x509(String pem) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(pem.getBytes(US_ASCII)));
    }

    private static KeyPair keys(String kind) {
        try {
            var generator = KeyPairGenerator.getInstance(kind);
            if (!kind.equals("Ed25519")) {
                generator.initialize(kind.equals("RSA") ? 2048 : 256);
            }
            return generator.generateKeyPair();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private byte[] certificate(String subject, PublicKey key, boolean authority) {
        Instant now = Instant.now();
        byte[] extension =
                authority
                        // It may vouch for others.
                        ? sequence(
                                oid("551d13"),
                                HexFormat.of().parseHex("0101ff"),
                                der(0x04, sequence(HexFormat.of().parseHex("0101ff"))))
                        // It is 127.0.0.1.
                        : sequence(
                                oid("551d11"),
                                der(0x04, sequence(HexFormat.of().parseHex("87047f000001"))));
        byte[] body =
                sequence(
                        der(0xa0, number(BigInteger.TWO)),
                        number(BigInteger.valueOf(serial++)),
                        ECDSA,
                        name(name),
                        sequence(
                                time(now.minus(Duration.ofDays(1))),
                                time(now.plus(Duration.ofDays(1)))),
                        name(subject),
                        key.getEncoded(),
                        der(0xa3, sequence(extension)));
        try {
            var signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(keys.getPrivate());
            signature.update(body);
            return sequence(body, ECDSA, der(0x03, new byte[] {0}, signature.sign()));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static byte[] name(String common) {
        return sequence(der(0x31, sequence(oid("550403"), der(0x0c, common.getBytes(UTF_8)))));
    }

    private static byte[] time(Instant time) {
        return der(0x17, TIME.format(time).getBytes(US_ASCII));
    }

    static byte[] number(BigInteger value) {
        return der(0x02, value.toByteArray());
    }

    static byte[] oid(String hex) {
        return der(0x06, HexFormat.of().parseHex(hex));
    }

    static byte[] sequence(byte[]... parts) {
        return der(0x30, parts);
    }

    static byte[] der(int tag, byte[]... parts) {
        var content = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            content.writeBytes(part);
        }
        var all = new ByteArrayOutputStream();
        all.write(tag);
        if (content.size() > 0xff) {
            all.write(0x82);
            all.write(content.size() >> 8);
        } else if (content.size() > 0x7f) {
            all.write(0x81);
        }
        all.write(content.size());
        all.writeBytes(content.toByteArray());
        return all.toByteArray();
    }
}
