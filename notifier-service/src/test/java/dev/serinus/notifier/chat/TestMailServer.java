package dev.serinus.notifier.chat;

import static java.nio.charset.StandardCharsets.US_ASCII;

import org.jspecify.annotations.Nullable;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** A mail server on this machine, with a certificate for mail.test that it vouches for itself. */
final class TestMailServer implements AutoCloseable {

    /** A mail as the server has it. */
    record Taken(String from, String content) {}

    /** Says what becomes of a mail. */
    @FunctionalInterface
    interface Judge {
        void judge(Taken mail) throws RejectException;
    }

    /** What a server does. */
    record Rules(
            boolean offersTls,
            boolean tlsAtOnce,
            boolean logins,
            Judge judge,
            Map<String, Integer> refused) {

        Rules(boolean offersTls, boolean tlsAtOnce, boolean logins, Judge judge) {
            this(offersTls, tlsAtOnce, logins, judge, Map.of());
        }

        /** With the status for each receiver that is not taken. */
        static Rules refusing(Map<String, Integer> refused) {
            return new Rules(true, false, false, _ -> {}, refused);
        }

        static Rules of(boolean offersTls, boolean logins) {
            return new Rules(offersTls, false, logins, _ -> {});
        }
    }

    static final String USER = "t0k3n-user";
    static final String PASSWORD = "s3cr3t passw0rd";

    final List<Taken> taken = new CopyOnWriteArrayList<>();
    final List<String> logins = new CopyOnWriteArrayList<>();
    private final SMTPServer server;
    private final SSLContext tls;

    TestMailServer(Path directory, Rules rules) throws Exception {
        tls = selfSigned(directory);
        var builder =
                SMTPServer.port(0)
                        .bindAddress(InetAddress.getLoopbackAddress())
                        .enableTLS(rules.offersTls())
                        .startTlsSocketFactory(tls, false)
                        .messageHandlerFactory(_ -> new Handler(rules));
        if (rules.tlsAtOnce()) {
            builder.serverSocketFactory(tls);
        }
        if (rules.logins()) {
            builder.requireAuth()
                    .authenticationHandlerFactory(
                            new EasyAuthenticationHandlerFactory(
                                    (user, password, _) -> login(user, password)));
        }
        server = builder.build();
        server.start();
    }

    private final class Handler implements MessageHandler {
        private final Rules rules;
        private String sender = "";

        Handler(Rules rules) {
            this.rules = rules;
        }

        @Override
        public void from(String from) {
            sender = from;
        }

        @Override
        public void recipient(String to) throws RejectException {
            Integer status = rules.refused().get(to);
            if (status != null) {
                throw new RejectException(status, "5.1.1 <" + to + "> unknown here");
            }
        }

        @Override
        public @Nullable String data(InputStream stream) throws RejectException, IOException {
            take(rules, sender, stream.readAllBytes());
            return null;
        }

        @Override
        public void done() {
            // It was judged when it came.
        }
    }

    private void take(Rules rules, String from, byte[] data) throws RejectException {
        var mail = new Taken(from, new String(data, US_ASCII));
        taken.add(mail);
        rules.judge().judge(mail);
    }

    private void login(String user, String password) throws LoginFailedException {
        logins.add(user);
        if (!user.equals(USER) || !password.equals(PASSWORD)) {
            throw new LoginFailedException("no " + user + " with " + password);
        }
    }

    int port() {
        return server.getPortAllocated();
    }

    /** Of who trusts its certificate. */
    SSLSocketFactory trusting() {
        return tls.getSocketFactory();
    }

    private static SSLContext selfSigned(Path directory) throws Exception {
        Path store = directory.resolve("mail.p12");
        var keytool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=mail.test",
                                "-ext",
                                "san=dns:mail.test",
                                "-keystore",
                                store.toString(),
                                "-storepass",
                                "changeit")
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        if (keytool.waitFor() != 0) {
            throw new IOException("keytool made no certificate");
        }
        return context(store);
    }

    private static SSLContext context(Path store) throws GeneralSecurityException, IOException {
        var keys = KeyStore.getInstance("PKCS12");
        try (var stream = Files.newInputStream(store)) {
            keys.load(stream, "changeit".toCharArray());
        }
        var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        managers.init(keys, "changeit".toCharArray());
        var trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("mail", keys.getCertificate("mykey"));
        var trusted = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusted.init(trust);
        var context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), trusted.getTrustManagers(), null);
        return context;
    }

    @Override
    public void close() {
        server.stop();
    }
}
