package dev.serinus.schemas.outgoing;

import static dev.serinus.schemas.outgoing.TestAuthority.der;
import static dev.serinus.schemas.outgoing.TestAuthority.number;
import static dev.serinus.schemas.outgoing.TestAuthority.oid;
import static dev.serinus.schemas.outgoing.TestAuthority.pem;
import static dev.serinus.schemas.outgoing.TestAuthority.sequence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.serinus.schemas.outgoing.TestAuthority.Vouched;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.math.BigInteger;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

class TlsSettingsTest {

    private static final TestAuthority AUTHORITY = new TestAuthority("lab");
    private static final Vouched RSA = AUTHORITY.vouch("rsa", "RSA");
    private static final Vouched EC = AUTHORITY.vouch("ec", "EC");
    private static final byte[] P256 = oid("2a8648ce3d030107");

    private static TlsSettings usable(
            @Nullable String certificate, @Nullable String key, @Nullable String authorities) {
        assertThat(TlsSettings.read(certificate, key, authorities))
                .isInstanceOf(TlsSettings.Reading.Usable.class);
        return ((TlsSettings.Reading.Usable) TlsSettings.read(certificate, key, authorities))
                .settings();
    }

    private static List<String> wrong(
            @Nullable String certificate, @Nullable String key, @Nullable String authorities) {
        assertThat(TlsSettings.read(certificate, key, authorities))
                .isInstanceOf(TlsSettings.Reading.Wrong.class);
        return ((TlsSettings.Reading.Wrong) TlsSettings.read(certificate, key, authorities))
                .because();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC", "Ed25519"})
    void aKeyOfEachKindIsReadFromPkcs8(String kind) {
        var somebody = AUTHORITY.vouch("somebody", kind);

        var settings = usable(somebody.certificate(), somebody.pkcs8(), null);

        assertThat(settings.key()).isEqualTo(somebody.key());
        assertThat(settings.chain()).hasSize(1);
    }

    /** As {@code openssl genrsa -traditional} writes it. */
    @Test
    void aKeyOfRsaIsReadFromItsOlderForm() {
        var key = (RSAPrivateCrtKey) RSA.key();
        byte[] pkcs1 =
                sequence(
                        number(BigInteger.ZERO),
                        number(key.getModulus()),
                        number(key.getPublicExponent()),
                        number(key.getPrivateExponent()),
                        number(key.getPrimeP()),
                        number(key.getPrimeQ()),
                        number(key.getPrimeExponentP()),
                        number(key.getPrimeExponentQ()),
                        number(key.getCrtCoefficient()));

        assertThat(usable(RSA.certificate(), pem("RSA PRIVATE KEY", pkcs1), null).key())
                .isEqualTo(key);
    }

    private static byte[] sec1(byte[]... more) {
        byte[] number = ((ECPrivateKey) EC.key()).getS().toByteArray();
        byte[] padded = new byte[32];
        int length = Math.min(32, number.length);
        System.arraycopy(number, number.length - length, padded, 32 - length, length);
        byte[][] parts = Arrays.copyOf(new byte[][] {number(BigInteger.ONE)}, 2 + more.length);
        parts[1] = der(0x04, padded);
        System.arraycopy(more, 0, parts, 2, more.length);
        return sequence(parts);
    }

    /** As {@code openssl ecparam -genkey} writes it. */
    @Test
    void aKeyOfEllipticCurvesIsReadFromItsOlderForm() {
        String alone = pem("EC PRIVATE KEY", sec1(der(0xa0, P256)));
        String afterItsCurve = pem("EC PARAMETERS", P256) + pem("EC PRIVATE KEY", sec1());

        for (String form : List.of(alone, afterItsCurve)) {
            assertThat(usable(EC.certificate(), form, null).key())
                    .isInstanceOfSatisfying(
                            ECPrivateKey.class,
                            key ->
                                    assertThat(key.getS())
                                            .isEqualTo(((ECPrivateKey) EC.key()).getS()));
        }
    }

    @Test
    void aChainAndSeveralAuthoritiesAreRead() {
        var settings =
                usable(
                        "some words\n" + RSA.certificate() + AUTHORITY.certificate(),
                        RSA.pkcs8(),
                        AUTHORITY.certificate() + new TestAuthority("other").certificate());

        assertThat(settings.chain()).hasSize(2);
        assertThat(settings.authorities()).hasSize(2);
        assertThat(settings).hasToString("TlsSettings[2 of ours, 2 authorities]");
    }

    @Test
    void settingsAreEqualThatWereReadFromTheSame() {
        var settings = usable(RSA.certificate(), RSA.pkcs8(), null);

        assertThat(usable(RSA.certificate(), RSA.pkcs8(), null))
                .isEqualTo(settings)
                .hasSameHashCodeAs(settings)
                .extracting(TlsSettings::digest)
                .isEqualTo(settings.digest());
        assertThat(usable(RSA.certificate(), RSA.pkcs8(), AUTHORITY.certificate()))
                .isNotEqualTo(settings);
        assertThat(usable(EC.certificate(), EC.pkcs8(), null)).isNotEqualTo(settings);
    }

    @Test
    void whatIsMissingIsSaid() {
        assertThat(wrong(null, null, null))
                .containsExactly("there is neither tls.crt with tls.key nor ca.crt");
        assertThat(wrong(RSA.certificate(), null, AUTHORITY.certificate()))
                .containsExactly("there is tls.crt without tls.key");
        assertThat(wrong(null, RSA.pkcs8(), null))
                .containsExactly("there is tls.key without tls.crt");
    }

    @Test
    void theKeyOfAnotherIsRefused() {
        String said = "tls.key is not the key of the first certificate of tls.crt";

        assertThat(wrong(RSA.certificate(), AUTHORITY.vouch("a", "RSA").pkcs8(), null))
                .containsExactly(said);
        assertThat(wrong(RSA.certificate(), EC.pkcs8(), null)).containsExactly(said);
        assertThat(wrong(AUTHORITY.certificate() + EC.certificate(), EC.pkcs8(), null))
                .containsExactly(said);
    }

    @Test
    void allThatCannotBeReadIsSaidAtOnceAndNothingOfIt() {
        assertThat(wrong("s3cret", "s3cret", "s3cret"))
                .containsExactly(
                        "tls.crt holds no certificate in PEM",
                        "tls.key must hold one private key in PEM, and holds 0",
                        "ca.crt holds no certificate in PEM");
        assertThat(
                        wrong(
                                pem("CERTIFICATE", new byte[] {1, 2}),
                                pem("PRIVATE KEY", new byte[] {1, 2}),
                                RSA.certificate() + RSA.pkcs8()))
                .containsExactly(
                        "tls.crt has a certificate that cannot be read",
                        "tls.key cannot be read as a private key",
                        "ca.crt must hold certificates only, and there is a block PRIVATE KEY");
        assertThat(wrong(RSA.certificate(), RSA.pkcs8() + EC.pkcs8(), null))
                .containsExactly("tls.key must hold one private key in PEM, and holds 2");
        assertThat(wrong(RSA.certificate().repeat(11), RSA.pkcs8(), null))
                .containsExactly("tls.crt has 11 certificates, more than 10");
        assertThat(wrong(null, null, AUTHORITY.certificate().repeat(251)))
                .containsExactly("ca.crt has 251 certificates, more than 250");
    }

    @Test
    void aKeyWithAPassphraseIsRefused() {
        String said = "tls.key has a passphrase: it must be a key without one";

        assertThat(wrong(RSA.certificate(), pem("ENCRYPTED PRIVATE KEY", new byte[9]), null))
                .containsExactly(said);
        assertThat(
                        wrong(
                                RSA.certificate(),
                                pem("RSA PRIVATE KEY", new byte[9])
                                        .replaceFirst(
                                                "\n",
                                                "\nProc-Type: 4,ENCRYPTED\nDEK-Info:"
                                                        + " AES-128-CBC,00\n\n"),
                                null))
                .containsExactly(said);
    }

    /** Whatever is cut off or changed, it is a sentence and no exception. */
    @Test
    void anOlderFormThatIsBrokenIsASentence() {
        byte[] whole = sec1(der(0xa0, P256));
        for (int length = 0; length < whole.length; length++) {
            String key = pem("EC PRIVATE KEY", Arrays.copyOf(whole, length));

            assertThat(wrong(EC.certificate(), key, null)).isNotEmpty();
        }
        assertThat(wrong(EC.certificate(), pem("EC PRIVATE KEY", sec1()), null))
                .containsExactly("tls.key cannot be read as a private key");
        assertThat(wrong(EC.certificate(), pem("DSA PRIVATE KEY", whole), null))
                .containsExactly(
                        "tls.key is a key of another kind: it must be one of RSA, of elliptic"
                                + " curves or Ed25519");
    }

    /** Tenants write these texts: with time in the square of the length this would take minutes. */
    @Test
    void longTextsAreRefusedOrReadInTimeThatGrowsWithTheirLength() {
        for (String part :
                List.of(
                        "-----BEGIN A-----",
                        "-----BEGIN A----------END B-----",
                        "-----BEGIN ",
                        "-----BEGIN A-----x-----END A-----")) {
            String text = part.repeat(Pem.LONGEST / part.length());
            String tooLong = text + text;

            assertTimeoutPreemptively(
                    Duration.ofSeconds(10),
                    () -> {
                        assertThat(wrong(text, text, text)).hasSize(3);
                        assertThat(wrong(tooLong, tooLong, tooLong))
                                .hasSize(3)
                                .allMatch(problem -> problem.contains(", more than 655360"));
                    },
                    part);
        }
    }

    private static String rsa(int bits, BigInteger prime) {
        BigInteger modulus = BigInteger.ONE.shiftLeft(bits - 1).add(BigInteger.ONE);
        BigInteger three = BigInteger.valueOf(3);
        return pem(
                "RSA PRIVATE KEY",
                sequence(
                        number(BigInteger.ZERO),
                        number(modulus),
                        number(three),
                        number(three),
                        number(prime),
                        number(prime),
                        number(three),
                        number(three),
                        number(three)));
    }

    /** With some of these a signature takes seconds. */
    @Test
    void aKeyThatTakesLongToSignWithIsRefused() {
        String rest = "it must have 1024 to 8192";

        assertThat(wrong(RSA.certificate(), rsa(16_384, BigInteger.TEN), null))
                .containsExactly("tls.key is a key of RSA of 16384 bits: " + rest);
        assertThat(wrong(RSA.certificate(), rsa(512, BigInteger.TEN), null))
                .containsExactly("tls.key is a key of RSA of 512 bits: " + rest);
        for (BigInteger prime : List.of(BigInteger.ZERO, BigInteger.ONE.shiftLeft(2_000))) {
            assertThat(wrong(RSA.certificate(), rsa(2_048, prime), null))
                    .containsExactly(
                            "tls.key is a key of RSA without two primes of half its length:"
                                    + " create a new one");
        }
    }

    @Test
    void aBlockThatDoesNotEndIsRefused() {
        String cut = RSA.certificate().substring(0, RSA.certificate().indexOf("-----END"));

        assertThat(wrong(null, null, AUTHORITY.certificate() + cut))
                .containsExactly("ca.crt has a block of PEM that does not end");
    }
}
