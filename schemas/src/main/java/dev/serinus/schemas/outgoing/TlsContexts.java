package dev.serinus.schemas.outgoing;

import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;

import org.jspecify.annotations.Nullable;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * What TLS connections are begun with. It is costly to make, so it is kept while it is used, and
 * not for long after that: it holds private keys. Each has sessions of its own, so that none is
 * resumed as somebody else. Safe for use by many threads.
 */
final class TlsContexts {

    static final int MOST = 64;
    private static final Duration LONGEST = Duration.ofMinutes(2);

    private record Kind(boolean anyCertificate, @Nullable TlsSettings settings) {}

    private record Kept(SslContext context, long used) {}

    /** Those that were used last are at the end. */
    private final Map<Kind, Kept> kept = new LinkedHashMap<>(16, 0.75f, true); // guarded by this

    /** One for connections of this kind. */
    SslContext of(boolean anyCertificate, @Nullable TlsSettings settings) throws SSLException {
        var kind = new Kind(anyCertificate, settings);
        var there = there(kind);
        // Two who come at once may make one each: making it keeps nobody else waiting.
        var context = there == null ? made(kind) : there;
        keep(kind, context);
        return context;
    }

    private synchronized @Nullable SslContext there(Kind kind) {
        var there = kept.get(kind);
        return there == null ? null : there.context();
    }

    private synchronized void keep(Kind kind, SslContext context) {
        long now = System.nanoTime();
        kept.put(kind, new Kept(context, now));
        kept.values().removeIf(each -> now - each.used() > LONGEST.toNanos());
        if (kept.size() > MOST) {
            kept.remove(kept.keySet().iterator().next());
        }
    }

    synchronized int size() {
        return kept.size();
    }

    private static SslContext made(Kind kind) throws SSLException {
        var builder = SslContextBuilder.forClient().sslProvider(SslProvider.JDK);
        var settings = kind.settings();
        if (settings != null && settings.key() != null) {
            builder.keyManager(settings.key(), settings.chain());
        }
        if (kind.anyCertificate()) {
            builder.trustManager(new AnyCertificate());
        } else if (settings != null && !settings.authorities().isEmpty()) {
            builder.trustManager(trusted(settings));
        }
        return builder.build();
    }

    /** Who may vouch for a server, where the settings say something of it. */
    static List<X509Certificate> trusted(TlsSettings settings) throws SSLException {
        List<X509Certificate> trusted = new ArrayList<>(settings.authorities());
        if (!settings.namesAuthorities()) {
            trusted.addAll(knownToTheJvm());
        }
        return trusted;
    }

    private static List<X509Certificate> knownToTheJvm() throws SSLException {
        try {
            var factory =
                    TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            return Stream.of(factory.getTrustManagers())
                    .filter(X509TrustManager.class::isInstance)
                    .map(X509TrustManager.class::cast)
                    .flatMap(each -> Stream.of(each.getAcceptedIssuers()))
                    .toList();
        } catch (GeneralSecurityException unusable) {
            throw new SSLException("the authorities that the JVM knows cannot be read", unusable);
        }
    }
}
