package dev.serinus.testbed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Objects;

/**
 * An authority of a few days and the certificates that it gives, made by the JDK's own tool, for
 * whoever has to show one in a trial. All are for 127.0.0.1.
 */
public final class Certificates {

    /** Of every store and key here, which end with the trial. */
    public static final String PASSWORD = "of-a-throwaway-key";

    private static final String AUTHORITY = "authority";
    private final Path folder;
    private final Path all;

    /** Makes the authority; what it gives is kept in this folder. */
    public Certificates(Path folder) throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder);
        all = folder.resolve("all.p12");
        keytool(AUTHORITY, "CN=authority", List.of("-ext", "bc:critical=ca:true"));
    }

    /** Gives one to this subject, as in {@code CN=router,O=example}. */
    public void give(String name, String subject) throws IOException, InterruptedException {
        keytool(name, subject, List.of("-ext", "SAN=IP:127.0.0.1", "-signer", AUTHORITY));
    }

    /** The authority's certificate as PEM. */
    public String authority() throws IOException, GeneralSecurityException {
        return pem("CERTIFICATE", certificate(AUTHORITY).getEncoded());
    }

    /** Key and chain of such a name as PEM. */
    public String keyAndChain(String name) throws IOException, GeneralSecurityException {
        var store = store();
        var key = Objects.requireNonNull(store.getKey(name, PASSWORD.toCharArray()), name);
        var text = new StringBuilder(pem("PRIVATE KEY", key.getEncoded()));
        for (Certificate each : Objects.requireNonNull(store.getCertificateChain(name))) {
            text.append(pem("CERTIFICATE", each.getEncoded()));
        }
        return text.toString();
    }

    /** A store of PKCS 12 with key and chain of this name alone. */
    public Path keyStore(String name) throws IOException, GeneralSecurityException {
        var one = empty();
        var store = store();
        one.setKeyEntry(
                name,
                Objects.requireNonNull(store.getKey(name, PASSWORD.toCharArray()), name),
                PASSWORD.toCharArray(),
                store.getCertificateChain(name));
        return written(one, name + ".p12");
    }

    /** A store of PKCS 12 with the authority alone. */
    public Path trustStore() throws IOException, GeneralSecurityException {
        var one = empty();
        one.setCertificateEntry(AUTHORITY, certificate(AUTHORITY));
        return written(one, "trust.p12");
    }

    private Certificate certificate(String name) throws IOException, GeneralSecurityException {
        return Objects.requireNonNull(store().getCertificate(name), name);
    }

    private KeyStore store() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        try (var in = Files.newInputStream(all)) {
            store.load(in, PASSWORD.toCharArray());
        }
        return store;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private Path written(KeyStore store, String file) throws IOException, GeneralSecurityException {
        Path path = folder.resolve(file);
        try (var out = Files.newOutputStream(path)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return path;
    }

    private static String pem(String what, byte[] bytes) {
        return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
                .formatted(
                        what, Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes));
    }

    private void keytool(String name, String subject, List<String> more)
            throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                name,
                                "-dname",
                                subject,
                                "-keyalg",
                                "EC",
                                "-validity",
                                "2",
                                "-storetype",
                                "PKCS12",
                                "-storepass",
                                PASSWORD,
                                "-keystore",
                                all.toString()));
        command.addAll(more);
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("keytool makes no certificate: " + said.strip());
        }
    }
}
