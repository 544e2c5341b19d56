package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;

import dev.serinus.schemas.outgoing.SocketMessage;
import dev.serinus.schemas.outgoing.TestAuthority;
import dev.serinus.schemas.outgoing.TlsSettings;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/**
 * What every metrics provider promises, shown against a real HTTP server. A provider's own test
 * says how its answers look, and adds what only it does.
 */
abstract class ProviderContract implements ProviderAnswers {

    static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private static final Duration SOON = Duration.ofSeconds(4);
    private static final TestAuthority AUTHORITY = new TestAuthority("lab");
    private static final String BEARER = "token-of-a-file";
    private static final Duration LITTLE = Duration.ofMillis(300);

    final MetricsServer server = new MetricsServer();
    private final KubernetesClient kubernetes = new KubernetesClientBuilder().build();

    /** The kind under test. */
    protected abstract ProviderType type();

    /** A Secret with which it works. */
    protected abstract Map<String, String> credentials();

    /** A Secret in which something is missing; empty when nothing is needed. */
    protected abstract Optional<Map<String, String>> incompleteCredentials();

    /** Which of the measured counts. */
    protected double counted(double... values) {
        return values[values.length - 1];
    }

    /** Whether a template's own headers are sent. */
    protected boolean sendsHeaders() {
        return false;
    }

    /** Whether a template may say that any certificate will do. */
    protected boolean takesAnyCertificate() {
        return false;
    }

    /** What of the credentials is secret. */
    protected Collection<String> secrets() {
        return credentials().values();
    }

    /** Where it asks without an address; empty when it must be given one. */
    protected Optional<String> vendor() {
        return Optional.empty();
    }

    /** The way out, which leads to servers of the test where the address is not the template's. */
    protected ProviderHttp reached(ProviderHttp http) {
        return http;
    }

    /** What the clock shows. */
    protected Instant now() {
        return NOW;
    }

    /** Variables of the watcher's process. */
    protected Map<String, String> environment() {
        return Map.of();
    }

    @BeforeEach
    void serve() throws IOException {
        server.start();
        server.answer(200, measured(1, 2, 42.5));
    }

    @AfterEach
    void stop() {
        server.close();
        kubernetes.close();
    }

    @Test
    void oneSampleIsTheValue() throws Exception {
        assertThat(value(ask())).isEqualTo(counted(1, 2, 42.5));
    }

    @Test
    void samplesAreInTheOrderOfTime() throws Exception {
        var samples = ((Answer.Samples) ask()).samples();

        assertThat(samples).extracting(Answer.Sample::time).isSorted();
    }

    @Test
    void nothingMeasuredIsNoDataAndNotZero() throws Exception {
        server.answer(200, nothing());

        assertThat(ask()).isInstanceOf(Answer.NoData.class);
    }

    @Test
    void noNumberIsNoDataAndPassesNoBound() throws Exception {
        server.answer(200, measured(Double.NaN));

        assertThat(ask()).isInstanceOf(Answer.NoData.class);
    }

    @Test
    void anEmptyAnswerIsNotNoData() throws Exception {
        server.answer(200, "");

        assertUnavailable(ask());
    }

    @Test
    void whatIsNotItsFormatIsUnavailable() throws Exception {
        for (String body : List.of("<html>oops</html>", "{\"data\":", "[[[", "null and void")) {
            server.answer(200, body);

            assertUnavailable(ask());
        }
    }

    @Test
    void anErrorStatusIsUnavailableAndNamesTheStatus() throws Exception {
        for (int status : List.of(400, 403, 404, 429, 500, 503)) {
            server.answer(status, "sorry");

            assertThat(assertUnavailable(ask())).contains(String.valueOf(status));
        }
    }

    @Test
    void aPauseThatTheServerAsksForIsToldAndKept() throws Exception {
        server.answer(429, "slow down");
        server.header("Retry-After", "30");

        assertThat(assertUnavailable(ask())).contains("429").contains("left alone for 30s");
        assertThat(assertUnavailable(ask())).contains("left alone for another");
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void withoutAnAddressItAsksItsVendorOrIsTheManifestsFault() throws Exception {
        var settings = settings(null, credentials());
        if (vendor().isEmpty()) {
            assertThat(wrong(settings)).isEqualTo(type().name() + " endpoint is not set");
            return;
        }
        List<URI> asked = new ArrayList<>();
        ProviderHttp vendors =
                request -> {
                    asked.add(request.uri());
                    String here = request.uri().toString().replace(vendor().get(), server.url());
                    return server.http().send(request.to(URI.create(here)));
                };

        assertThat(value(made(settings, vendors).ask(query()))).isEqualTo(counted(1, 2, 42.5));
        assertThat(asked).hasSize(1).allMatch(uri -> uri.toString().startsWith(vendor().get()));
    }

    @Test
    void theUserOfAnAddressIsNotTold() throws Exception {
        server.answer(500, "for user-of-url with pass-of-url");
        String address = server.url().replace("://", "://user-of-url:pass-of-url@");

        assertThat(assertUnavailable(provider(settings(address, credentials())).ask(query())))
                .doesNotContain("-of-url");
    }

    @Test
    void anErrorStatusCountsMoreThanAValueBesideIt() throws Exception {
        server.answer(500, measured(1));

        assertUnavailable(ask());
    }

    @Test
    void aServerThatDoesNotAnswerIsUnavailableInTime() {
        server.silent();

        assertTimeoutPreemptively(SOON, () -> assertUnavailable(ask()));
    }

    @Test
    void aServerThatIsDownIsUnavailableAndItsAddressStaysOutOfTheText() throws Exception {
        var provider = provider(settings(server.url(), credentials()));
        server.close();

        assertThat(assertUnavailable(provider.ask(query()))).doesNotContain("127.0.0.1");
    }

    @Test
    void anAnswerWithoutEndIsUnavailable() throws Exception {
        server.answer(200, measured(1) + " ".repeat(2 * MetricsServer.LARGEST));

        assertThat(assertUnavailable(ask())).contains("larger than");
    }

    @Test
    void aRedirectOnTheSameHostIsFollowed() throws Exception {
        server.redirect("/elsewhere");

        assertThat(value(ask())).isEqualTo(counted(1, 2, 42.5));
    }

    @Test
    void aRedirectToAnotherHostIsNotFollowed() throws Exception {
        try (var stranger = new MetricsServer()) {
            stranger.start();
            stranger.answer(200, measured(1));
            server.redirect(stranger.url().replace("127.0.0.1", "localhost"));

            assertUnavailable(ask());
            assertThat(stranger.requests()).isEmpty();
        }
    }

    @Test
    void credentialsTravelInHeadersOnly() throws Exception {
        value(ask());

        assertThat(server.requests()).isNotEmpty();
        for (var request : server.requests()) {
            for (String secret : secrets()) {
                assertThat(request.line()).doesNotContain(secret);
                assertThat(request.body()).doesNotContain(secret);
            }
        }
    }

    @Test
    void noTextTellsACredentialThatTheServerEchoes() throws Exception {
        String secrets = String.join(" ", credentials().values());
        for (int status : List.of(200, 401, 500)) {
            server.echo(status, "echo " + secrets + " ");

            String because = assertUnavailable(ask());

            credentials().values().forEach(secret -> assertThat(because).doesNotContain(secret));
        }
    }

    @Test
    void nothingThatIsPrintedTellsACredential() {
        var settings = settings(server.url(), credentials());
        var setup = type().setUp().apply(context(settings));

        String printed =
                settings + " " + setup + " " + ((ProviderSetup.Ready) setup).provider() + type();

        credentials().values().forEach(secret -> assertThat(printed).doesNotContain(secret));
    }

    @Test
    void askingAgainAsksTheSame() throws Exception {
        var provider = provider(settings(server.url(), credentials()));
        provider.ask(query());
        provider.ask(query());

        assertThat(server.requests()).hasSize(2);
        assertThat(server.requests().get(1)).isEqualTo(server.requests().get(0));
    }

    @Test
    void settingUpAsksNobody() {
        provider(settings(server.url(), credentials()));

        assertThat(server.requests()).isEmpty();
    }

    @Test
    void aMissingCredentialIsTheManifestsFaultAndNoneIsQuoted() {
        incompleteCredentials()
                .ifPresent(
                        incomplete -> {
                            String because = wrong(settings(server.url(), incomplete));

                            assertThat(because).isNotBlank();
                            incomplete.values().forEach(s -> assertThat(because).doesNotContain(s));
                        });
    }

    @Test
    void anAddressThatIsNoneIsTheManifestsFault() throws Exception {
        for (String address : List.of("http://a b", "nowhere", "ftp//x", "http://")) {
            assertThat(wrong(settings(address, credentials()))).isNotBlank();
        }
    }

    @Test
    void aHeaderThatCannotBeSentIsTheManifestsFault() throws Exception {
        var plain = settings(server.url(), credentials());
        var broken = new LinkedHashMap<>(credentials());
        broken.replaceAll((_, value) -> value + "\r\nX-Injected: yes");

        var setup =
                type().setUp().apply(context(settings(String.valueOf(plain.address()), broken)));

        assertThat(setup).isInstanceOf(ProviderSetup.Wrong.class);
    }

    @Test
    void headersAndAnyCertificateCountWhereTheyDoInFlagger() throws Exception {
        var plain = settings(server.url(), credentials());
        var settings =
                new ProviderSettings(
                        plain.type(),
                        plain.address(),
                        Map.of("X-Own", List.of("mine")),
                        plain.secret(),
                        plain.hasSecret(),
                        true,
                        plain.region(),
                        plain.interval());
        List<ProviderHttp.Request> sent = new ArrayList<>();
        ProviderHttp http =
                new ProviderHttp() {
                    @Override
                    public Reply send(Request request) throws NoReply {
                        sent.add(request);
                        throw new NoReply("not now");
                    }

                    @Override
                    public Reply converse(
                            Request request, List<String> said, Predicate<SocketMessage> more)
                            throws NoReply {
                        return send(request);
                    }
                };

        made(settings, http).ask(query());

        assertThat(sent)
                .isNotEmpty()
                .allSatisfy(
                        request -> {
                            assertThat(request.headers().containsKey("X-Own"))
                                    .isEqualTo(sendsHeaders());
                            assertThat(request.verifyTls()).isEqualTo(!takesAnyCertificate());
                        });
    }

    /** A token of its template in the place of what the Secret would say of who asks. */
    private ProviderSettings authenticated() {
        Map<String, String> others = new LinkedHashMap<>(credentials());
        others.keySet().removeAll(type().abilities().authorization());
        return settings(server.url(), others).as(Authentication.bearing(BEARER));
    }

    private static TlsSettings certified(String name) {
        var who = AUTHORITY.vouch(name, "EC");
        return ((TlsSettings.Reading.Usable)
                        TlsSettings.read(who.certificate(), who.pkcs8(), AUTHORITY.certificate()))
                .settings();
    }

    @Test
    void whoAsksMayBeProvedByACertificate() throws Exception {
        if (type().abilities().ownIdentity() != null) {
            return;
        }
        try (var secure = new MetricsServer()) {
            secure.start(AUTHORITY.server());
            secure.answer(200, measured(1, 2, 42.5));
            var settings =
                    settings(secure.url(), credentials()).as(Authentication.of(certified("shop")));
            var setup = (ProviderSetup.Ready) provided(context(settings, secure.http()));

            assertThat(value(setup.provider().ask(query()))).isEqualTo(counted(1, 2, 42.5));
            assertThat(secure.clients()).isNotEmpty().containsOnly("CN=shop");
        }
    }

    @Test
    void whomToTrustIsSaidInOnePlace() {
        if (type().abilities().ownIdentity() != null) {
            return;
        }
        var plain = settings("https://127.0.0.1", credentials());
        var trustingAnybody =
                new ProviderSettings(
                        plain.type(),
                        plain.address(),
                        plain.headers(),
                        plain.secret(),
                        plain.hasSecret(),
                        true,
                        plain.region(),
                        plain.interval(),
                        Authentication.NONE);
        var authorities =
                ((TlsSettings.Reading.Usable) TlsSettings.read(null, null, AUTHORITY.certificate()))
                        .settings();

        assertThat(provided(context(trustingAnybody.as(Authentication.of(certified("shop"))))))
                .isInstanceOf(ProviderSetup.Ready.class);
        assertThat(provided(context(trustingAnybody.as(Authentication.of(authorities)))))
                .isEqualTo(
                        new ProviderSetup.Wrong(
                                "spec.provider.insecureSkipVerify: trusts anybody, and"
                                    + " spec.provider.auth.tls says whom to trust by ca.crt: leave"
                                    + " it out"));
    }

    private ProviderSetup provided(ProviderContext context) {
        return type().provide(context, new AccessTokens());
    }

    @Test
    void aClientOfOAuth2AsksWithATokenThatIsKept() throws Exception {
        if (type().abilities().ownIdentity() != null) {
            return;
        }
        try (var login = new MetricsServer()) {
            login.start();
            login.answer(200, "{\"access_token\":\"of-the-login\",\"expires_in\":3600}");
            var client =
                    new OAuth2Client(
                            login.url() + "/token",
                            "me",
                            "pass-of-me",
                            List.of(),
                            Map.of(),
                            false,
                            null);
            var settings = authenticated().as(Authentication.of(client));
            var setup = (ProviderSetup.Ready) provided(context(settings));

            assertThat(value(setup.provider().ask(query()))).isEqualTo(counted(1, 2, 42.5));
            server.echo(500, "echo of-the-login pass-of-me ");
            assertThat(assertUnavailable(setup.provider().ask(query())))
                    .doesNotContain("of-the-login")
                    .doesNotContain("pass-of-me");

            assertThat(login.requests()).hasSize(1);
            assertThat(server.requests())
                    .hasSizeGreaterThan(1)
                    .allSatisfy(
                            request ->
                                    assertThat(request.headers())
                                            .containsEntry(
                                                    "Authorization",
                                                    List.of("Bearer of-the-login")));
            assertThat(settings + " " + setup + setup.provider() + settings.auth() + client)
                    .doesNotContain("pass-of-me");
        }
    }

    @Test
    void whoAsksMayBeSaidByItsTemplate() throws Exception {
        var setup = provided(context(authenticated()));
        String itself = type().abilities().ownIdentity();
        if (itself != null) {
            assertThat(setup)
                    .isEqualTo(
                            new ProviderSetup.Wrong(
                                    "spec.provider.auth: has no effect, since %s is asked as %s"
                                            .formatted(type().name(), itself)));
            return;
        }

        assertThat(value(((ProviderSetup.Ready) setup).provider().ask(query())))
                .isEqualTo(counted(1, 2, 42.5));

        assertThat(server.requests())
                .isNotEmpty()
                .allSatisfy(
                        request -> {
                            assertThat(request.headers())
                                    .containsEntry("Authorization", List.of("Bearer " + BEARER));
                            assertThat(request.line() + request.body()).doesNotContain(BEARER);
                        });
    }

    @Test
    void whoAsksIsSaidInOnePlace() {
        for (String key : type().abilities().authorization()) {
            Map<String, String> both = new LinkedHashMap<>(authenticated().secret());
            both.put(key, "of-the-secret");
            var settings = settings(server.url(), both).as(Authentication.bearing(BEARER));

            assertThat(provided(context(settings)))
                    .isEqualTo(
                            new ProviderSetup.Wrong(
                                    "spec.provider.secretRef: the Secret's "
                                            + key
                                            + " says who asks, and so does spec.provider.auth:"
                                            + " leave one of them"));
        }
    }

    @Test
    void noTextTellsWhoAsks() throws Exception {
        if (type().abilities().ownIdentity() != null) {
            return;
        }
        var settings = authenticated();
        var setup = (ProviderSetup.Ready) provided(context(settings));
        for (int status : List.of(200, 401, 500)) {
            server.echo(status, "echo " + BEARER + " ");

            assertThat(assertUnavailable(setup.provider().ask(query()))).doesNotContain(BEARER);
        }
        assertThat(settings + " " + setup + setup.provider() + settings.auth())
                .doesNotContain(BEARER);
    }

    @Test
    void aSpanOfTimeIsAskedForWhereItSaysSo() throws Exception {
        var answer =
                provider(settings(server.url(), credentials()))
                        .range(query(), NOW.minusSeconds(600), NOW, Duration.ofSeconds(60));

        assertThat(answer.isPresent()).isEqualTo(this instanceof RangeContract);
        assertThat(type().abilities().ranges() || answer.isEmpty()).isTrue();
    }

    @Test
    void isAvailableWhenTheServerSaysSo() throws Exception {
        server.answer(200, healthy());
        assertThat(provider(settings(server.url(), credentials())).available())
                .isInstanceOf(Answer.Samples.class);

        server.answer(503, "away");
        assertUnavailable(provider(settings(server.url(), credentials())).available());
    }

    @Test
    void whoIsInterruptedStopsWaiting() throws Exception {
        server.silent();
        var interrupted = new CountDownLatch(1);
        var asking =
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        patient().ask(query());
                                    } catch (InterruptedException _) {
                                        interrupted.countDown();
                                    }
                                });
        server.awaitRequest();

        asking.interrupt();

        assertTimeoutPreemptively(SOON, () -> interrupted.await());
    }

    final Answer ask() throws InterruptedException {
        return provider(settings(server.url(), credentials())).ask(query());
    }

    static double value(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Samples.class);
        return ((Answer.Samples) answer).value();
    }

    protected ProviderSettings settings(@Nullable String address, Map<String, String> secret) {
        return new ProviderSettings(
                type().name(), address, Map.of(), secret, !secret.isEmpty(), false, null, "1m");
    }

    final MetricsProvider provider(ProviderSettings settings) {
        var setup = type().setUp().apply(context(settings));
        assertThat(setup).isInstanceOf(ProviderSetup.Ready.class);
        return ((ProviderSetup.Ready) setup).provider();
    }

    final String wrong(ProviderSettings settings) {
        var setup = type().setUp().apply(context(settings));
        assertThat(setup).isInstanceOf(ProviderSetup.Wrong.class);
        return ((ProviderSetup.Wrong) setup).because();
    }

    private MetricsProvider patient() {
        return made(settings(server.url(), credentials()), server.http());
    }

    final MetricsProvider made(ProviderSettings settings, ProviderHttp http) {
        var setup = type().setUp().apply(context(settings, http));
        assertThat(setup).isInstanceOf(ProviderSetup.Ready.class);
        return ((ProviderSetup.Ready) setup).provider();
    }

    private ProviderContext context(ProviderSettings settings, ProviderHttp http) {
        return new ProviderContext(
                settings,
                reached(http),
                reached(http),
                kubernetes,
                _ -> true,
                this::now,
                _ -> {},
                environment());
    }

    /** With less time than a provider grants, so that a test need not wait for all of it. */
    private ProviderContext context(ProviderSettings settings) {
        ProviderHttp hasty =
                request ->
                        server.http()
                                .send(
                                        request.limit().compareTo(LITTLE) > 0 && server.isSilent()
                                                ? request.within(LITTLE)
                                                : request);
        return context(settings, hasty);
    }

    /** The value, or what came in its place. */
    static String text(Answer answer) {
        return answer instanceof Answer.Samples samples
                ? samples.value()
                        + (samples.series() == 1 ? "" : " of %d series".formatted(samples.series()))
                : answer.toString();
    }

    static String assertUnavailable(Answer answer) {
        assertThat(answer).isInstanceOf(Answer.Unavailable.class);
        String because = ((Answer.Unavailable) answer).because();
        assertThat(because).isNotBlank().hasSizeLessThan(600);
        return because;
    }

    /** A request as the server saw it. */
    record Seen(String line, Map<String, List<String>> headers, String body) {
        static Seen of(HttpExchange exchange) throws IOException {
            Map<String, List<String>> headers = new LinkedHashMap<>();
            exchange.getRequestHeaders()
                    .forEach((name, values) -> headers.put(name, new ArrayList<>(values)));
            return new Seen(
                    exchange.getRequestMethod() + " " + exchange.getRequestURI(),
                    headers,
                    new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        }
    }
}
