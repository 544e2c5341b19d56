package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.serinus.schemas.outgoing.TestAuthority;
import dev.serinus.schemas.outgoing.TlsSettings;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/** Against a real token endpoint and a real provider, with a clock that is driven. */
class OAuth2ProviderTest {

    private static final Map<String, String> KEYS =
            Map.of("api_key", "key-of-shop", "application_key", "app-of-shop");

    private final MetricsServer login = new MetricsServer();
    private final MetricsServer server = new MetricsServer();
    private final KubernetesClient kubernetes = new KubernetesClientBuilder().build();
    private final AccessTokens tokens = new AccessTokens();
    private Instant now = ProviderContract.NOW;
    private String namespace = "shop";

    @BeforeEach
    void serve() throws IOException {
        login.start();
        server.start();
        server.answer(200, "{\"points\":[[1000,42.5]]}");
        give("first", ",\"token_type\":\"bearer\",\"expires_in\":3600");
    }

    @AfterEach
    void stop() {
        login.close();
        server.close();
        kubernetes.close();
    }

    private void give(String token, String more) {
        login.answer(200, "{\"access_token\":\"%s\"%s}".formatted(token, more));
    }

    private OAuth2Client client() {
        return client("s3cret of me", false);
    }

    private OAuth2Client client(String secret, boolean inBody) {
        return new OAuth2Client(
                login.url() + "/oauth2/token/?tenant=1",
                "me:too",
                secret,
                List.of("metrics.read", "metrics.list"),
                Map.of("resource", "urn:a b", "audience", "api"),
                inBody,
                null);
    }

    private Answer ask(OAuth2Client client) throws InterruptedException {
        return provider(client, server.http()).ask("q");
    }

    private Answer ask() throws InterruptedException {
        return ask(client());
    }

    private MetricsProvider provider(OAuth2Client client, ProviderHttp http) {
        return provider(PretendProvider.TYPE, KEYS, client, http);
    }

    private MetricsProvider provider(
            ProviderType type, Map<String, String> keys, OAuth2Client client, ProviderHttp http) {
        var settings =
                new ProviderSettings(
                        type.name(),
                        server.url(),
                        Map.of(),
                        keys,
                        !keys.isEmpty(),
                        false,
                        null,
                        "1m",
                        Authentication.of(client));
        ProviderHttp ofNamespace =
                new ProviderHttp() {
                    @Override
                    public Reply send(Request request) throws NoReply, InterruptedException {
                        return http.send(request);
                    }

                    @Override
                    public String namespace() {
                        return namespace;
                    }
                };
        var context =
                new ProviderContext(
                        settings,
                        ofNamespace,
                        ofNamespace,
                        kubernetes,
                        _ -> true,
                        () -> now,
                        _ -> {},
                        Map.of());
        return ((ProviderSetup.Ready) type.provide(context, tokens)).provider();
    }

    private List<String> sent() {
        return server.requests().stream()
                .map(request -> String.join(",", request.headers().get("Authorization")))
                .toList();
    }

    private static String because(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Unavailable.class);
        return ((Answer.Unavailable) answer).because();
    }

    @Test
    void asksForATokenAsRfc6749SaysAndTheProviderWithIt() throws Exception {
        assertThat(ProviderContract.value(ask())).isEqualTo(42.5);

        var asked = login.requests().getFirst();
        assertThat(asked.line()).isEqualTo("POST /oauth2/token/?tenant=1");
        assertThat(asked.headers())
                // me%3Atoo:s3cret+of+me
                .containsEntry("Authorization", List.of("Basic bWUlM0F0b286czNjcmV0K29mK21l"))
                .containsEntry("Accept", List.of("application/json"))
                .containsEntry("Content-type", List.of("application/x-www-form-urlencoded"));
        assertThat(asked.body())
                .isEqualTo(
                        "grant_type=client_credentials&scope=metrics.read+metrics.list"
                                + "&audience=api&resource=urn%3Aa+b");
        assertThat(sent()).containsExactly("Bearer first");
    }

    @Test
    void whatHasNoRangeOfThisQueryHasNoneHere() throws Exception {
        var dynatrace = provider(Dynatrace.TYPE, Map.of(), client(), server.http());
        Instant from = now.minusSeconds(600);

        assertThat(dynatrace.range("a:fold", from, now, Duration.ofMinutes(1))).isEmpty();
        assertThat(dynatrace.late()).isPositive();
        assertThat(dynatrace.range("a", from, now, Duration.ofMinutes(1))).isPresent();
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void whereTheEndpointWantsItTheSecretIsInTheBodyAndInNoHeader() throws Exception {
        ask(client("s3cret", true));

        var asked = login.requests().getFirst();
        assertThat(asked.body()).endsWith("&client_id=me%3Atoo&client_secret=s3cret");
        assertThat(asked.headers()).doesNotContainKey("Authorization");
    }

    @Test
    void theTokenEndpointMayKnowItsClientsByCertificates() throws Exception {
        var authority = new TestAuthority("lab");
        var me = authority.vouch("me", "EC");
        var tls =
                ((TlsSettings.Reading.Usable)
                                TlsSettings.read(
                                        me.certificate(), me.pkcs8(), authority.certificate()))
                        .settings();
        try (var secure = new MetricsServer()) {
            secure.start(authority.server());
            secure.answer(200, "{\"access_token\":\"for-me\"}");
            var client =
                    new OAuth2Client(
                            secure.url() + "/token", "me", "s", List.of(), Map.of(), false, tls);

            ask(client);

            assertThat(secure.clients()).containsExactly("CN=me");
            assertThat(sent()).containsExactly("Bearer for-me");
        }
    }

    @Test
    void aTokenIsKeptUntilShortlyBeforeItExpires() throws Exception {
        ask();
        give("second", ",\"expires_in\":3600");
        now = now.plusSeconds(3539);
        ask();
        now = now.plusSeconds(1);
        ask();

        assertThat(sent()).containsExactly("Bearer first", "Bearer first", "Bearer second");
        assertThat(login.requests()).hasSize(2);
    }

    @Test
    void aTokenWhoseLifeIsNotSaidIsKeptForAWhile() throws Exception {
        give("first", "");
        ask();
        give("second", "");
        now = now.plusSeconds(239);
        ask();
        now = now.plusSeconds(1);
        ask();

        assertThat(sent()).containsExactly("Bearer first", "Bearer first", "Bearer second");
    }

    @Test
    void anotherSecretOrNamespaceHasAnotherToken() throws Exception {
        ask();
        give("of-another-secret", ",\"expires_in\":3600");
        ask(client("another", false));
        give("of-press", ",\"expires_in\":3600");
        namespace = "press";
        ask();
        namespace = "shop";
        ask();

        assertThat(sent())
                .containsExactly(
                        "Bearer first",
                        "Bearer of-another-secret",
                        "Bearer of-press",
                        "Bearer first");
    }

    @Test
    void aTokenThatWasKeptAndIsRefusedIsGotAnewOnce() throws Exception {
        ask();
        server.answer(401, "who?");
        give("second", ",\"expires_in\":3600");

        assertThat(because(ask())).contains("401");

        assertThat(sent()).containsExactly("Bearer first", "Bearer first", "Bearer second");
        assertThat(login.requests()).hasSize(2);
    }

    @Test
    void aNewTokenThatIsRefusedIsNotTriedAgainAndNotKept() throws Exception {
        server.answer(401, "who?");

        assertThat(because(ask())).contains("401");
        assertThat(sent()).containsExactly("Bearer first");

        server.answer(200, "{\"points\":[[1000,42.5]]}");
        give("second", ",\"expires_in\":3600");
        assertThat(ProviderContract.value(ask())).isEqualTo(42.5);
        assertThat(sent()).containsExactly("Bearer first", "Bearer second");
    }

    @Test
    void thoseWhoAskAtOnceShareOneToken() throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Answer>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(this::ask);
            }
            for (var answer : threads.invokeAll(all)) {
                assertThat(answer.get()).isInstanceOf(Answer.Samples.class);
            }
        }

        assertThat(login.requests()).hasSize(1);
        assertThat(server.requests()).hasSize(20);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    a client that is not known | 401 | {"error":"invalid_client","error_description":"bad s3cret of me"} | 401 Unauthorized: invalid_client: bad [hidden]
                    a wrong scope              | 400 | {"error":"invalid_scope"}                                         | 400 Bad Request: invalid_scope
                    HTML with an error         | 502 | <html>s3cret of me</html>                                         | Status 502 Bad Gateway: <html>[hidden]</html>
                    HTML                       | 200 | <html>Sign in</html>                                              | its answer has none
                    nothing                    | 200 | ``                                                                | its answer has none
                    no token                   | 200 | {"token":"x"}                                                     | its answer has none
                    a token of two lines       | 200 | {"access_token":"a\\nb"}                                          | its answer has none
                    a token that is over       | 200 | {"access_token":"a","expires_in":0}                               | its answer has none
                    a token of another type    | 200 | {"access_token":"a","token_type":"mac"}                           | it gives tokens of another type than Bearer
                    """)
    void whereThereIsNoTokenTheProviderIsNotAskedAndItIsToldWhy(
            String name, int status, String body, String told) throws Exception {
        login.answer(status, body);

        assertThat(because(ask())).isEqualTo("the token endpoint gave no access token: " + told);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void anEndpointThatAsksForAPauseIsLeftAlone() throws Exception {
        login.answer(429, "slow down");
        login.header("Retry-After", "30");

        assertThat(because(ask())).contains("429").contains("left alone for 30s");
        assertThat(because(ask())).contains("left alone for another");
        assertThat(login.requests()).hasSize(1);
    }

    @Test
    void anEndpointThatDoesNotAnswerIsTroubleInTime() {
        login.silent();
        var hasty =
                provider(
                        client(),
                        request -> server.http().send(request.within(Duration.ofMillis(300))));

        assertTimeoutPreemptively(
                Duration.ofSeconds(4),
                () ->
                        assertThat(because(hasty.ask("q")))
                                .startsWith("the token endpoint gave no access token: "));
    }

    @Test
    void anAnswerThatIsTooLongHoldsNoToken() throws Exception {
        give("a".repeat(33 * 1024), "");

        assertThat(because(ask())).endsWith("its answer is too long");
    }

    @Test
    void isAvailableOnlyWithAToken() throws Exception {
        assertThat(provider(client(), server.http()).available())
                .isInstanceOf(Answer.Samples.class);

        login.answer(503, "away");
        namespace = "press";
        assertThat(because(provider(client(), server.http()).available())).contains("503");
    }

    @Test
    void anAddressThatIsNoneIsToldBeforeAnybodyIsAsked() throws Exception {
        for (String address : List.of("nowhere", "ftp://a/token", "http://me:pw@a/token")) {
            var client = new OAuth2Client(address, "me", "s", List.of(), Map.of(), false, null);

            assertThat(because(ask(client))).contains("tokenUrl is no URL").doesNotContain("pw");
        }
        assertThat(server.requests()).isEmpty();
    }
}
