package dev.serinus.schemas.outgoing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads certificates and private keys from PEM, as OpenSSL and cert-manager write them: keys in
 * PKCS #8, and in the older forms of RSA (PKCS #1) and of elliptic curves (SEC 1), which the JDK
 * takes once they are wrapped as PKCS #8. What it says of a text holds nothing of it.
 */
final class Pem {

    private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40}+)-----");

    /** Characters; more than 250 authorities and what people write between them. */
    static final int LONGEST = 640 * 1024;

    private static final List<String> KINDS = List.of("RSA", "EC", "EdDSA");

    /** Bits, as most authorities take them. */
    private static final int SHORTEST_RSA = 1024;

    private static final int LONGEST_RSA = 8192;

    /** Bits that the longer prime of a key has beyond half of the key's; usually it has none. */
    private static final int MORE_THAN_HALF = 16;

    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int SEQUENCE = 0x30;
    private static final int PARAMETERS = 0xa0; // of a key of elliptic curves: its curve

    private static final byte[] ZERO = HexFormat.of().parseHex("020100");
    private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d0101010500");
    private static final byte[] CURVES = HexFormat.of().parseHex("06072a8648ce3d0201");

    private Pem() {}

    /** A text is not what it must be; the message goes on from its name. */
    static final class Unreadable extends Exception {
        private static final long serialVersionUID = 1L;

        Unreadable(String because) {
            super(because);
        }
    }

    private record Block(String label, String body) {

        byte[] bytes() throws Unreadable {
            try {
                return Base64.getMimeDecoder().decode(body);
            } catch (IllegalArgumentException broken) {
                throw new Unreadable("has a block of PEM that is no base64");
            }
        }
    }

    /**
     * The blocks of a text, which tenants write: each part of it is read once or twice and not for
     * each block that begins, so a block without an end ends the reading.
     */
    private static List<Block> blocks(String text) throws Unreadable {
        if (text.length() > LONGEST) {
            throw new Unreadable(
                    "has %d characters, more than %d".formatted(text.length(), LONGEST));
        }
        List<Block> all = new ArrayList<>();
        var begin = BEGIN.matcher(text);
        int at = 0;
        while (begin.find(at)) {
            String label = begin.group(1);
            String end = "-----END " + label + "-----";
            int until = text.indexOf(end, begin.end());
            if (until < 0) {
                throw new Unreadable("has a block of PEM that does not end");
            }
            all.add(new Block(label, text.substring(begin.end(), until)));
            at = until + end.length();
        }
        return all;
    }

    /** All certificates of a text, one at least. */
    static List<X509Certificate> certificates(String text, int most) throws Unreadable {
        List<X509Certificate> all = new ArrayList<>();
        List<Block> blocks = blocks(text);
        if (blocks.size() > most) {
            throw new Unreadable(
                    "has %d certificates, more than %d".formatted(blocks.size(), most));
        }
        for (Block block : blocks) {
            if (!block.label().equals("CERTIFICATE")) {
                throw new Unreadable(
                        "must hold certificates only, and there is a block " + block.label());
            }
            try {
                all.add(
                        (X509Certificate)
                                CertificateFactory.getInstance("X.509")
                                        .generateCertificate(
                                                new ByteArrayInputStream(block.bytes())));
            } catch (CertificateException broken) {
                throw new Unreadable("has a certificate that cannot be read");
            }
        }
        if (all.isEmpty()) {
            throw new Unreadable("holds no certificate in PEM");
        }
        return all;
    }

    /** The one private key of a text. */
    static PrivateKey key(String text) throws Unreadable {
        List<Block> blocks = blocks(text);
        // OpenSSL writes the name of a curve before a key, and others a certificate after it.
        List<Block> keys =
                blocks.stream().filter(block -> block.label().endsWith("PRIVATE KEY")).toList();
        if (keys.size() != 1) {
            throw new Unreadable("must hold one private key in PEM, and holds " + keys.size());
        }
        Block block = keys.getFirst();
        if (block.label().startsWith("ENCRYPTED") || block.body().contains("ENCRYPTED")) {
            throw new Unreadable("has a passphrase: it must be a key without one");
        }
        byte[] bytes = block.bytes();
        try {
            return switch (block.label()) {
                case "PRIVATE KEY" -> pkcs8(bytes);
                case "RSA PRIVATE KEY" -> pkcs8(wrapped(RSA, bytes));
                case "EC PRIVATE KEY" -> {
                    Optional<Block> named =
                            blocks.stream()
                                    .filter(each -> each.label().equals("EC PARAMETERS"))
                                    .findFirst();
                    byte[] curve = named.isPresent() ? named.get().bytes() : curve(bytes);
                    yield pkcs8(wrapped(joined(CURVES, curve), bytes));
                }
                default ->
                        throw new Unreadable(
                                "is a key of another kind: it must be one of RSA, of elliptic"
                                        + " curves or Ed25519");
            };
        } catch (IllegalArgumentException broken) {
            throw new Unreadable("cannot be read as a private key");
        }
    }

    private static PrivateKey pkcs8(byte[] bytes) throws Unreadable {
        for (String kind : KINDS) {
            var key = ofKind(kind, bytes);
            if (key.isPresent()) {
                if (key.get() instanceof RSAKey rsa) {
                    checkThatItIsQuick(rsa);
                }
                return key.get();
            }
        }
        throw new Unreadable("cannot be read as a private key");
    }

    /**
     * Each connection is begun with a signature, whose time grows with the cube of these lengths: a
     * tenant's key must not hold a thread for seconds.
     */
    private static void checkThatItIsQuick(RSAKey key) throws Unreadable {
        int bits = key.getModulus().bitLength();
        if (bits > LONGEST_RSA || bits < SHORTEST_RSA) {
            throw new Unreadable(
                    "is a key of RSA of %d bits: it must have %d to %d"
                            .formatted(bits, SHORTEST_RSA, LONGEST_RSA));
        }
        if (!(key instanceof RSAPrivateCrtKey parts) || !isOfTwoHalves(parts)) {
            throw new Unreadable(
                    "is a key of RSA without two primes of half its length: create a new one");
        }
    }

    private static boolean isOfTwoHalves(RSAPrivateCrtKey key) {
        int bits = key.getModulus().bitLength();
        int half = (bits + 1) / 2 + MORE_THAN_HALF;
        return Stream.of(
                                key.getPrimeP(),
                                key.getPrimeQ(),
                                key.getPrimeExponentP(),
                                key.getPrimeExponentQ(),
                                key.getCrtCoefficient())
                        .allMatch(part -> part.bitLength() <= half)
                && key.getPrivateExponent().bitLength() <= bits;
    }

    private static Optional<PrivateKey> ofKind(String kind, byte[] bytes) {
        try {
            return Optional.of(
                    KeyFactory.getInstance(kind).generatePrivate(new PKCS8EncodedKeySpec(bytes)));
        } catch (InvalidKeySpecException another) {
            return Optional.empty();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException("every JDK has keys of " + kind, impossible);
        }
    }

    /** PKCS #8 around a key in a form of its own. */
    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, ZERO, element(SEQUENCE, algorithm), element(OCTETS, key));
    }

    /** The curve that a key of elliptic curves names. */
    private static byte[] curve(byte[] key) {
        var all = new Elements(key).within(SEQUENCE);
        all.within(INTEGER);
        all.within(OCTETS);
        return all.within(PARAMETERS).rest();
    }

    private static byte[] element(int tag, byte[]... contents) {
        byte[] content = joined(contents);
        var all = new ByteArrayOutputStream();
        all.write(tag);
        if (content.length < 0x80) {
            all.write(content.length);
        } else {
            int bytes = content.length < 0x100 ? 1 : content.length < 0x10000 ? 2 : 3;
            all.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                all.write(content.length >> (8 * i));
            }
        }
        all.writeBytes(content);
        return all.toByteArray();
    }

    private static byte[] joined(byte[]... parts) {
        var all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    /** Elements of DER, one after the other; throws an IllegalArgumentException where none is. */
    private static final class Elements {
        private final byte[] bytes;
        private int at;

        Elements(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Goes behind the next one, which has this tag, and gives what is in it. */
        Elements within(int tag) {
            if (next() != tag) {
                throw new IllegalArgumentException("another element");
            }
            int length = next();
            if (length >= 0x80) {
                int count = length & 0x7f;
                if (count > 3) {
                    throw new IllegalArgumentException("too long");
                }
                length = 0;
                for (int i = 0; i < count; i++) {
                    length = length << 8 | next();
                }
            }
            if (length > bytes.length - at) {
                throw new IllegalArgumentException("cut off");
            }
            at += length;
            return new Elements(Arrays.copyOfRange(bytes, at - length, at));
        }

        byte[] rest() {
            return Arrays.copyOfRange(bytes, at, bytes.length);
        }

        private int next() {
            if (at >= bytes.length) {
                throw new IllegalArgumentException("cut off");
            }
            return bytes[at++] & 0xff;
        }
    }
}
