package dev.serinus.testbed;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.time.Duration;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Asks the parts how they are; trusts the certificates that they made for themselves. */
final class Health {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private Health() {}

    /** True when the part answers that it works. An empty token is not sent. */
    static boolean isGood(URI address, ControlPlaneDirectory place, String token) {
        try (var client =
                HttpClient.newBuilder()
                        .sslContext(trusting(place.pki()))
                        .connectTimeout(PATIENCE)
                        .build()) {
            var request = HttpRequest.newBuilder(address).timeout(PATIENCE);
            if (!token.isEmpty()) {
                request.header("Authorization", "Bearer " + token);
            }
            return client.send(request.build(), HttpResponse.BodyHandlers.discarding()).statusCode()
                    == 200;
        } catch (IOException | GeneralSecurityException _) {
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static SSLContext trusting(Path folder) throws GeneralSecurityException, IOException {
        var keys = KeyStore.getInstance(KeyStore.getDefaultType());
        keys.load(null, null);
        var factory = CertificateFactory.getInstance("X.509");
        try (var files = Files.newDirectoryStream(folder, "*.crt")) {
            for (Path file : files) {
                try (var in = Files.newInputStream(file)) {
                    for (var certificate : factory.generateCertificates(in)) {
                        keys.setCertificateEntry("" + keys.size(), certificate);
                    }
                }
            }
        }
        var trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(keys);
        var context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
