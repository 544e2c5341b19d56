package dev.serinus.schemas.outgoing;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;

import dev.serinus.schemas.outgoing.TestAuthority.Vouched;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

import javax.net.ssl.SSLParameters;

/** Against a server that wants to know who its clients are, by certificates. */
class ClientCertificateTest {

    private static final CanaryKey CANARY = new CanaryKey("lab", "test", "podinfo");
    private static final TestAuthority AUTHORITY = new TestAuthority("lab");

    private final OutgoingClient client =
            new OutgoingClient(new AddressGuard(false), Proxies.none(), CallLimits.of(20));
    private final List<String> came = new CopyOnWriteArrayList<>();
    private final Set<Integer> connections = ConcurrentHashMap.newKeySet();
    private HttpsServer server;

    @BeforeEach
    void serve() throws IOException, GeneralSecurityException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(
                new HttpsConfigurator(AUTHORITY.server()) {
                    @Override
                    public void configure(HttpsParameters parameters) {
                        SSLParameters tls = getSSLContext().getDefaultSSLParameters();
                        tls.setNeedClientAuth(true);
                        parameters.setSSLParameters(tls);
                    }
                });
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext(
                "/",
                exchange -> {
                    byte[] who =
                            ((HttpsExchange) exchange)
                                    .getSSLSession()
                                    .getPeerPrincipal()
                                    .getName()
                                    .getBytes(UTF_8);
                    came.add(new String(who, UTF_8));
                    connections.add(exchange.getRemoteAddress().getPort());
                    boolean moved = exchange.getRequestURI().getPath().equals("/moved");
                    exchange.getResponseHeaders().set("Location", "/here");
                    exchange.sendResponseHeaders(moved ? 307 : 200, who.length);
                    exchange.getResponseBody().write(who);
                    exchange.close();
                });
        server.start();
    }

    @AfterEach
    void stop() {
        client.close();
        server.stop(0);
    }

    private static TlsSettings settings(@Nullable Vouched who, @Nullable String authorities) {
        return ((TlsSettings.Reading.Usable)
                        TlsSettings.read(
                                who == null ? null : who.certificate(),
                                who == null ? null : who.pkcs8(),
                                authorities))
                .settings();
    }

    private Call call(String path, @Nullable TlsSettings settings) {
        return Call.get(
                        URI.create("https://127.0.0.1:" + server.getAddress().getPort() + path),
                        Map.of(),
                        Duration.ofSeconds(10),
                        1000)
                .by(settings);
    }

    private Reply ask(@Nullable TlsSettings settings) throws InterruptedException {
        return client.send(CANARY, call("/", settings));
    }

    private static String said(Reply reply) {
        assertThat(reply).isInstanceOf(Reply.Answered.class);
        return ((Reply.Answered) reply).body();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RSA", "EC"})
    void whoAsksIsProvedByACertificate(String kind) throws Exception {
        var shop = AUTHORITY.vouch("shop", kind);

        assertThat(said(ask(settings(shop, AUTHORITY.certificate())))).isEqualTo("CN=shop");
    }

    @Test
    void withoutACertificateNobodyIsAnswered() throws Exception {
        assertThat(ask(settings(null, AUTHORITY.certificate())))
                .isInstanceOf(Reply.Unanswered.class);
        assertThat(came).isEmpty();
    }

    @Test
    void aCertificateThatTheServerDoesNotKnowIsNotAnswered() throws Exception {
        var stranger = new TestAuthority("elsewhere").vouch("shop", "EC");

        assertThat(ask(settings(stranger, AUTHORITY.certificate())))
                .isInstanceOf(Reply.Unanswered.class);
        assertThat(came).isEmpty();
    }

    @Test
    void aServerWhomTheNamedAuthoritiesDoNotVouchForIsNotTrusted() throws Exception {
        var shop = AUTHORITY.vouch("shop", "EC");
        var refused = new Reply.Unanswered("tls: failed to verify certificate", false);

        assertThat(ask(settings(shop, null))).isEqualTo(refused);
        assertThat(ask(settings(shop, new TestAuthority("other").certificate())))
                .isEqualTo(refused);
        assertThat(came).isEmpty();
    }

    /** With a certificate its issuer's comes, whoever vouches for the server. */
    @Test
    void authoritiesBesideACertificateAreTrustedAsWellAsThoseOfTheJvm() throws Exception {
        var shop = settings(AUTHORITY.vouch("shop", "EC"), AUTHORITY.certificate());
        var alone = settings(null, AUTHORITY.certificate());

        assertThat(TlsContexts.trusted(alone)).isEqualTo(alone.authorities()).hasSize(1);
        assertThat(TlsContexts.trusted(shop))
                .containsAll(alone.authorities())
                .hasSizeGreaterThan(50);
        assertThat(alone.namesAuthorities()).isTrue();
        assertThat(shop.namesAuthorities()).isFalse();
    }

    @Test
    void authoritiesThatAreNamedAloneAreTrustedAloneBesideACertificateToo() throws Exception {
        var shop = AUTHORITY.vouch("shop", "EC");
        var pinned = pinned(shop, AUTHORITY.certificate());
        var other = pinned(shop, new TestAuthority("other").certificate());

        assertThat(TlsContexts.trusted(pinned)).isEqualTo(pinned.authorities()).hasSize(1);
        assertThat(pinned.namesAuthorities()).isTrue();
        assertThat(pinned).isNotEqualTo(settings(shop, AUTHORITY.certificate()));
        assertThat(ask(other))
                .isEqualTo(new Reply.Unanswered("tls: failed to verify certificate", false));
        assertThat(said(ask(pinned))).isEqualTo("CN=shop");
    }

    private static TlsSettings pinned(TestAuthority.Vouched who, String authority) {
        return ((TlsSettings.Reading.Usable)
                        TlsSettings.pinned(who.certificate(), who.pkcs8(), authority))
                .settings();
    }

    @Test
    void anyCertificateMayBeTakenAndWhoAsksProvedAllTheSame() throws Exception {
        var shop = AUTHORITY.vouch("shop", "EC");

        assertThat(said(client.send(CANARY, call("/", settings(shop, null)).trustingAnybody())))
                .isEqualTo("CN=shop");
    }

    @Test
    void noConnectionIsSharedBetweenTwoWhoAskAsOthers() throws Exception {
        var shop = settings(AUTHORITY.vouch("shop", "EC"), AUTHORITY.certificate());
        var press = settings(AUTHORITY.vouch("press", "EC"), AUTHORITY.certificate());

        for (var who : List.of(shop, press, shop, press)) {
            ask(who);
        }

        assertThat(came).containsExactly("CN=shop", "CN=press", "CN=shop", "CN=press");
        assertThat(connections).hasSize(2);
        assertThat(ask(null)).isInstanceOf(Reply.Unanswered.class);
    }

    /** As when a certificate was renewed. */
    @Test
    void anotherCertificateCountsAtOnce() throws Exception {
        said(ask(settings(AUTHORITY.vouch("old", "EC"), AUTHORITY.certificate())));
        said(ask(settings(AUTHORITY.vouch("new", "EC"), AUTHORITY.certificate())));

        assertThat(came).containsExactly("CN=old", "CN=new");
    }

    @Test
    void aRedirectIsFollowedAsTheSame() throws Exception {
        var shop = settings(AUTHORITY.vouch("shop", "EC"), AUTHORITY.certificate());

        assertThat(said(client.send(CANARY, call("/moved", shop)))).isEqualTo("CN=shop");
        assertThat(came).containsExactly("CN=shop", "CN=shop");
    }

    @Test
    void whatConnectionsAreBegunWithIsKeptForAFewOnly() throws Exception {
        var contexts = new TlsContexts();
        var shop = settings(AUTHORITY.vouch("shop", "EC"), null);
        var first = contexts.of(false, shop);
        for (int i = 0; i < TlsContexts.MOST - 1; i++) {
            contexts.of(false, settings(null, new TestAuthority("a" + i).certificate()));
        }

        assertThat(contexts.of(false, shop)).isSameAs(first);
        assertThat(contexts.of(true, shop)).isNotSameAs(first);
        assertThat(contexts.size()).isEqualTo(TlsContexts.MOST);
    }
}
