package dev.serinus.analysis.api;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.analysis.access.BrowserLogin;
import dev.serinus.analysis.access.LoginConfig;
import dev.serinus.analysis.access.OidcProvider;
import dev.serinus.analysis.action.ActionDesk;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.broker.FreePort;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** People who log in with a browser, and pages that would act with what it sends along. */
class BrowserLoginApiTest {

    private static final HttpClient http = HttpClient.newHttpClient();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ACTIONS = "/api/v1/rollouts/west/shop/cart/actions";
    private static final String RULES =
            """
            rules:
            - groups: ["oidc:sre"]
              verbs: [read]
            """;

    @TempDir Path files;

    private final PrometheusMeterRegistry metrics =
            new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    /** What the browser keeps. */
    private final Map<String, String> cookies = new HashMap<>();

    private int port;
    private OidcProvider provider;
    private ReadApi api;

    @BeforeEach
    void serve() throws IOException {
        port = FreePort.next();
        provider = new OidcProvider(url("/login/callback"));
        var rules = Files.writeString(files.resolve("rules"), RULES);
        var secret = Files.writeString(files.resolve("secret"), OidcProvider.SECRET + "\n");
        var fleet = new FleetView(10);
        api =
                ReadApi.serve(
                        new Healthy(),
                        fleet,
                        new ActionDesk(
                                fleet, (_, _) -> {}, InstantSource.system(), Duration.ofMillis(50)),
                        new AccessConfig(
                                null,
                                rules,
                                provider.issuer(),
                                "serinus",
                                null,
                                "email",
                                "groups",
                                60),
                        new LoginConfig(
                                OidcProvider.CLIENT,
                                secret,
                                null,
                                url("/"),
                                "openid email",
                                Duration.ofHours(1)),
                        metrics,
                        "127.0.0.1",
                        port);
    }

    @AfterEach
    void close() {
        api.close();
        provider.close();
    }

    private String url(String path) {
        return "http://127.0.0.1:" + port + path;
    }

    // ---- logging in and out

    @Test
    void aPersonIsWhoTheProviderSaysAndComesBackToWhereTheyWere() throws Exception {
        assertThat(how().path("provider").asText()).isEqualTo(provider.issuer());
        assertThat(how().path("caller").isNull()).isTrue();

        var back = logIn("#/rollouts/west/shop/cart?run=2");

        assertThat(back.statusCode()).isEqualTo(302);
        assertThat(location(back)).isEqualTo("/#/rollouts/west/shop/cart?run=2");
        assertThat(how().path("caller").asText()).isEqualTo("oidc:ada@example.com");
        assertThat(how().path("bySession").asBoolean()).isTrue();
        assertThat(get("/api/v1/rollouts").statusCode()).isEqualTo(200);
        assertThat(metrics.scrape()).contains("serinus_api_logins_total 1.0");
    }

    @Test
    void aProviderThatIsAwayIsToldAndCounted() throws Exception {
        provider.close();

        var answer = get("/login");

        assertThat(answer.statusCode()).isEqualTo(503);
        assertThat(answer.body())
                .isEqualTo("nobody can log in now: %s does not answer", provider.issuer());
        assertThat(metrics.scrape()).contains("serinus_api_refusals_total{because=\"provider\"} 1");
    }

    @Test
    void whatTheBrowserKeepsIsNeitherReadableNorForScripts() throws Exception {
        var back = logIn("#/fleet");

        assertThat(back.headers().allValues("Set-Cookie"))
                .anySatisfy(
                        cookie ->
                                assertThat(cookie)
                                        .startsWith("serinus=")
                                        .contains("HTTPOnly", "SameSite=Lax", "Path=/")
                                        .doesNotContain("ada", "sre"));
    }

    @Test
    void whoLogsOutIsNobody() throws Exception {
        logIn("#/fleet");
        var out = post("/logout", Map.of("Origin", url("")));

        assertThat(out.statusCode()).isEqualTo(204);
        keep(out);
        assertThat(get("/api/v1/rollouts").statusCode()).isEqualTo(401);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//evil.example",
                "https://evil.example",
                "#//x\r\nSet-Cookie: a=b",
                "#/fleet?q=100%",
                "x",
                ""
            })
    void nobodyIsSentElsewhere(String to) throws Exception {
        String there = location(logIn(to));

        assertThat(there).isIn("/#/fleet", "/#//x");
        assertThat(there).doesNotContain("evil");
    }

    // ---- who is not let in

    @Test
    void whoSaysNoAtTheProviderIsToldSo() throws Exception {
        provider.refuses();

        var back = logIn("#/fleet");

        assertThat(back.statusCode()).isEqualTo(403);
        assertThat(back.body()).contains("you are not logged in", "access_denied");
        assertThat(cookies.getOrDefault("serinus", "")).isEmpty();
    }

    @Test
    void anAnswerThatAnotherBrowserAskedForLogsNobodyIn() throws Exception {
        String theirs = callbackOf(get("/login"));
        cookies.clear();

        assertThat(send(theirs).statusCode()).isEqualTo(403);

        String own = callbackOf(get("/login"));
        String mine = cookies.getOrDefault("serinus-login-" + BrowserLogin.nameOf(state(own)), "");
        cookies.clear();
        cookies.put("serinus-login-" + BrowserLogin.nameOf(state(theirs)), mine);
        var withMine = send(theirs);
        assertThat(withMine.statusCode()).isEqualTo(403);
        assertThat(withMine.body()).contains("no answer to a login of this browser");
    }

    @Test
    void aCodeIsGoodOnce() throws Exception {
        String callback = callbackOf(get("/login"));
        var pending = Map.copyOf(cookies);
        assertThat(send(callback).statusCode()).isEqualTo(302);
        cookies.clear();
        cookies.putAll(pending);

        var again = send(callback);

        assertThat(again.statusCode()).isEqualTo(403);
        assertThat(again.body()).contains("invalid_grant");
    }

    @Test
    void aTokenOfAnotherLoginOrForAnotherClientNamesNobody() throws Exception {
        provider.says(claims -> claims.claim("email", "ada@example.com").claim("nonce", "x"));
        assertThat(logIn("#/fleet").statusCode()).isEqualTo(403);

        provider.says(claims -> claims.claim("email", "ada@example.com").audience("another"));
        assertThat(logIn("#/fleet").statusCode()).isEqualTo(403);
    }

    @Test
    void groupsThatNoCookieHoldsAreSaidAndNotCutOff() throws Exception {
        var random = new Random(7);
        List<String> many =
                IntStream.range(0, 2_000)
                        .mapToObj(_ -> Long.toHexString(random.nextLong()))
                        .toList();
        provider.says(claims -> claims.claim("email", "ada@example.com").claim("groups", many));

        var back = logIn("#/fleet");

        assertThat(back.statusCode()).isEqualTo(403);
        assertThat(back.body()).contains("you are in 2000 groups");
    }

    @Test
    void aCookieThatWasMadeUpOrSealedForSomethingElseIsNone() throws Exception {
        logIn("#/fleet");
        String session = cookies.getOrDefault("serinus", "");
        String state = state(callbackOf(get("/login")));
        for (String other :
                List.of(
                        cookies.getOrDefault("serinus-login-" + BrowserLogin.nameOf(state), ""),
                        "x",
                        session.substring(4),
                        session + "AA")) {
            cookies.put("serinus", other);
            assertThat(get("/api/v1/rollouts").statusCode()).as(other).isEqualTo(401);
        }
    }

    // ---- pages of others

    @Test
    void aPageOfAnotherSiteDoesNotActWithTheSession() throws Exception {
        logIn("#/fleet");

        for (Map<String, String> from :
                List.of(
                        Map.of("Origin", "https://evil.example"),
                        Map.of("Origin", "null"),
                        Map.of("Sec-Fetch-Site", "same-site"),
                        Map.<String, String>of())) {
            var answer = post(ACTIONS, from);
            assertThat(answer.statusCode()).as(from.toString()).isEqualTo(403);
            assertThat(answer.body()).contains("another site");
            assertThat(post("/logout", from).statusCode()).isEqualTo(403);
        }
        // From its own page it comes as far as the rules.
        assertThat(post(ACTIONS, Map.of("Origin", url(""))).body()).doesNotContain("another site");
    }

    @Test
    void whoSendsATokenMeansThatOne() throws Exception {
        logIn("#/fleet");

        var answer = get("/api/v1/rollouts", Map.of("Authorization", "Bearer nobody's"));

        assertThat(answer.statusCode()).isEqualTo(401);
    }

    @Test
    void tabsThatLogInAtOnceAreInNobodysWay() throws Exception {
        String first = callbackOf(get("/login?to=%23/where"));
        String second = callbackOf(get("/login?to=%23/history"));

        assertThat(location(send(first))).isEqualTo("/#/where");
        assertThat(location(send(second))).isEqualTo("/#/history");
    }

    // ---- a browser

    private static String state(String callback) {
        return Stream.of(URI.create(callback).getRawQuery().split("&", -1))
                .filter(pair -> pair.startsWith("state="))
                .map(pair -> URLDecoder.decode(pair.substring("state=".length()), UTF_8))
                .findFirst()
                .orElseThrow();
    }

    private HttpResponse<String> logIn(String to) throws Exception {
        String callback = callbackOf(get("/login?to=" + URLEncoder.encode(to, UTF_8)));
        return send(callback);
    }

    /** Where the provider sends the browser back to. */
    private String callbackOf(HttpResponse<String> started) throws Exception {
        assertThat(started.statusCode()).isEqualTo(302);
        var atProvider =
                http.send(
                        HttpRequest.newBuilder(URI.create(location(started))).build(),
                        BodyHandlers.ofString());
        return location(atProvider);
    }

    private static String location(HttpResponse<?> answer) {
        return answer.headers().firstValue("Location").orElseThrow();
    }

    private JsonNode how() throws Exception {
        return JSON.readTree(get("/api/v1/login").body());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return send(url(path));
    }

    private HttpResponse<String> get(String path, Map<String, String> headers) throws Exception {
        var request = asking(url(path));
        headers.forEach(request::header);
        return keep(http.send(request.build(), BodyHandlers.ofString()));
    }

    private HttpResponse<String> send(String url) throws Exception {
        return keep(http.send(asking(url).build(), BodyHandlers.ofString()));
    }

    private HttpResponse<String> post(String path, Map<String, String> headers) throws Exception {
        var request =
                asking(url(path))
                        .header("Content-Type", "application/json")
                        .POST(BodyPublishers.ofString("{\"action\": \"pause\"}"));
        headers.forEach(request::header);
        return http.send(request.build(), BodyHandlers.ofString());
    }

    private HttpRequest.Builder asking(String url) {
        var request = HttpRequest.newBuilder(URI.create(url));
        String kept =
                cookies.entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .collect(Collectors.joining("; "));
        return kept.isEmpty() ? request : request.header("Cookie", kept);
    }

    private HttpResponse<String> keep(HttpResponse<String> answer) {
        for (String cookie : answer.headers().allValues("Set-Cookie")) {
            String[] pair = cookie.split(";", 2)[0].split("=", 2);
            cookies.put(pair[0], pair[1]);
        }
        return answer;
    }
}
