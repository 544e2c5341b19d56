package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.math.BigInteger;
import java.net.URLDecoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.RSAPrivateCrtKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class StackdriverTest extends GoogleContract {

    private final ProviderType type = Stackdriver.type();
    private final Map<String, String> environment = new HashMap<>();
    private Instant now = NOW;

    @Override
    protected Instant now() {
        return now;
    }

    @Override
    protected ProviderType type() {
        return type;
    }

    @Override
    protected Map<String, String> environment() {
        return environment;
    }

    @Override
    public String query() {
        return "fetch k8s_container";
    }

    @Override
    public String measured(double... values) {
        return IntStream.range(0, values.length)
                .mapToObj(i -> point(values.length - i, values[values.length - 1 - i]))
                .collect(Collectors.joining(",", "{\"timeSeriesData\":[{\"pointData\":[", "]}]}"));
    }

    private static String point(int minute, double value) {
        return "{\"values\":[{\"doubleValue\":%s}],\"timeInterval\":{\"endTime\":\"2026-03-01T09:%02d:00Z\"}}"
                .formatted(Double.isNaN(value) ? "\"NaN\"" : value, minute);
    }

    @Override
    public String nothing() {
        return "{}";
    }

    @Override
    public String healthy() {
        return "{}";
    }

    @Test
    void asksTheProjectInMqlWithTheTokenThatTheKeyGets() throws Exception {
        ask();

        var request = server.requests().getFirst();
        assertThat(request.line()).isEqualTo("POST /v3/projects/lab-project/timeSeries:query");
        assertThat(request.body()).isEqualTo("{\"query\":\"fetch k8s_container\"}");
        assertThat(request.headers())
                .containsEntry("Authorization", List.of("Bearer ya29.lab-token"))
                .containsEntry("Content-type", List.of("application/json"));
    }

    @Test
    void theKeySignsWhatItAsksFor() throws Exception {
        ask();

        var request = tokens.requests().getFirst();
        assertThat(request.line()).isEqualTo("POST /token");
        assertThat(request.headers())
                .containsEntry("Content-type", List.of("application/x-www-form-urlencoded"));
        String[] form = request.body().split("&assertion=");
        assertThat(URLDecoder.decode(form[0], UTF_8))
                .isEqualTo("grant_type=urn:ietf:params:oauth:grant-type:jwt-bearer");
        String[] parts = form[1].split("\\.");
        assertThat(json(parts[0]))
                .isEqualTo(
                        new ObjectMapper()
                                .readTree("{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"k1\"}"));
        assertThat(json(parts[1]))
                .isEqualTo(
                        new ObjectMapper()
                                .readTree(
                                        """
                                        {"iss":"lab@lab.iam.example",
                                         "scope":"https://www.googleapis.com/auth/monitoring.read",
                                         "aud":"https://oauth2.googleapis.com/token",
                                         "iat":%d,"exp":%d}
                                        """
                                                .formatted(
                                                        NOW.getEpochSecond(),
                                                        NOW.getEpochSecond() + 3600)));
        var signature = Signature.getInstance("SHA256withRSA");
        signature.initVerify(GoogleTokens.KEYS.getPublic());
        signature.update((parts[0] + "." + parts[1]).getBytes(UTF_8));
        assertThat(signature.verify(Base64.getUrlDecoder().decode(parts[2]))).isTrue();
    }

    private static JsonNode json(String part) throws IOException {
        return new ObjectMapper().readTree(Base64.getUrlDecoder().decode(part));
    }

    @Test
    void aTokenIsUsedUntilItExpires() throws Exception {
        ask();
        ask();
        provider(settings(null, credentials())).available();

        assertThat(server.requests()).hasSize(3);
        assertThat(tokens.requests()).hasSize(1);
    }

    @Test
    void aTokenThatShallLastForADayIsUsedForAnHour() throws Exception {
        tokens.answer(200, "{\"access_token\":\"ya29.lab-token\",\"expires_in\":86400}");
        ask();
        now = NOW.plus(Duration.ofMinutes(58));
        ask();
        assertThat(tokens.requests()).hasSize(1);

        now = NOW.plus(Duration.ofMinutes(60));
        ask();
        assertThat(tokens.requests()).hasSize(2);
    }

    @Test
    void aTokenIsNotUsedForAnotherNamespace() throws Exception {
        for (String namespace : List.of("shop", "press", "shop")) {
            var http =
                    new ProviderHttp() {
                        @Override
                        public Reply send(Request request) throws NoReply, InterruptedException {
                            return server.http().send(request);
                        }

                        @Override
                        public String namespace() {
                            return namespace;
                        }
                    };
            value(made(settings(null, credentials()), http).ask(query()));
        }

        assertThat(tokens.requests()).hasSize(2);
    }

    @Test
    void aTokenOfAnotherKeyIsNotUsed() throws Exception {
        ask();
        provider(
                        settings(
                                null,
                                Map.of(
                                        "project",
                                        "p",
                                        "serviceAccountKey",
                                        GoogleTokens.key("\"x\":1,"))))
                .ask(query());

        assertThat(tokens.requests()).hasSize(2);
    }

    @Test
    void whyThereIsNoTokenIsToldAndNothingOfTheKey() throws Exception {
        tokens.echo(
                400,
                "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT Signature.\"}");
        assertThat(assertUnavailable(ask()))
                .startsWith("Google gave no access token: Status 400 Bad Request")
                .doesNotContain("eyJ");

        tokens.answer(400, "{\"error\":\"invalid_grant\",\"error_description\":\"Invalid JWT\"}");
        assertThat(assertUnavailable(ask()))
                .isEqualTo(
                        "Google gave no access token: 400 Bad Request: invalid_grant: Invalid JWT");

        tokens.answer(200, "{\"access_token\":\"secret-token\"}");
        assertThat(assertUnavailable(ask()))
                .isEqualTo("Google gave no access token: its answer has none");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void theTokenIsNotToldWhenGoogleEchoesIt() throws Exception {
        server.echo(500, "");

        assertThat(assertUnavailable(ask())).doesNotContain(GoogleTokens.TOKEN);
    }

    @Test
    void aKeyThatIsNoneIsTheSecretsFault() {
        assertThat(wrong(settings(null, Map.of("project", "lab", "serviceAccountKey", "not json"))))
                .isEqualTo(
                        "stackdriver credentials: serviceAccountKey is no JSON: it must be a whole"
                                + " key file");
        assertThat(wrong(settings(null, Map.of("project", "lab", "serviceAccountKey", "{}"))))
                .contains("its type must be service_account");
        assertThat(
                        wrong(
                                settings(
                                        null,
                                        Map.of(
                                                "project",
                                                "lab",
                                                "serviceAccountKey",
                                                GoogleTokens.KEY.replace("PRIVATE KEY", "FOO")))))
                .isEqualTo(
                        "stackdriver credentials: serviceAccountKey: private_key is no RSA key in"
                                + " PKCS #8");
        assertThat(
                        wrong(
                                settings(
                                        null,
                                        Map.of(
                                                "serviceAccountKey",
                                                GoogleTokens.key(
                                                        "\"token_uri\":\"http://thief.example\",")))))
                .isEqualTo("stackdriver credentials: serviceAccountKey: token_uri is no https URL");
    }

    @Test
    void theKeysOwnProjectIsAskedWhereTheSecretNamesNone() throws Exception {
        provider(settings(null, Map.of("serviceAccountKey", GoogleTokens.KEY))).ask(query());

        assertThat(server.requests().getFirst().line()).contains("/projects/of-the-key/");
    }

    @Test
    void withoutAKeyTheInstallationsOwnFileCounts(@TempDir Path folder) throws Exception {
        assertThat(wrong(settings(null, Map.of())))
                .isEqualTo(
                        "stackdriver credentials: put serviceAccountKey into the Secret, or give"
                                + " the watcher GOOGLE_APPLICATION_CREDENTIALS or"
                                + " SERINUS_INSTANCE_CREDENTIALS=true");

        Path file = folder.resolve("key.json");
        environment.put("GOOGLE_APPLICATION_CREDENTIALS", file.toString());
        assertThat(wrong(settings(null, Map.of())))
                .isEqualTo("the file that GOOGLE_APPLICATION_CREDENTIALS names cannot be read");

        Files.writeString(file, GoogleTokens.KEY);
        provider(settings(null, Map.of())).ask(query());
        provider(settings(null, Map.of("project", "another"))).ask(query());

        assertThat(server.requests())
                .extracting(Seen::line)
                .containsExactly(
                        "POST /v3/projects/of-the-key/timeSeries:query",
                        "POST /v3/projects/another/timeSeries:query");
    }

    /** To sign with it takes seconds, and whoever writes the Secret chose it. */
    @Test
    void aKeyThatIsTooLongIsTheSecretsFault() {
        var pem =
                "-----BEGIN PRIVATE KEY-----\\n%s\\n-----END PRIVATE KEY-----"
                        .formatted(Base64.getEncoder().encodeToString(keyOf(8200)));
        var key =
                "{\"type\":\"service_account\",\"project_id\":\"p\",\"client_email\":\"a@b\",\"private_key\":\"%s\"}"
                        .formatted(pem);

        assertThat(wrong(settings(null, Map.of("serviceAccountKey", key))))
                .isEqualTo(
                        "stackdriver credentials: serviceAccountKey: private_key has more than"
                                + " 8192 bits");
        assertThat(wrong(settings(null, Map.of("serviceAccountKey", key + " ".repeat(65_536)))))
                .isEqualTo(
                        "stackdriver credentials: serviceAccountKey is longer than the key of a"
                                + " service account");
    }

    /** Of its form only: it signs nothing. */
    private static byte[] keyOf(int bits) {
        var long1 = BigInteger.ONE.shiftLeft(bits - 1).add(BigInteger.ONE);
        var two = BigInteger.TWO;
        try {
            return KeyFactory.getInstance("RSA")
                    .generatePrivate(
                            new RSAPrivateCrtKeySpec(
                                    long1, two.add(BigInteger.ONE), two, two, two, two, two, two))
                    .getEncoded();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    @Test
    void theInstanceIsAskedOnlyWhereTheInstallationSaysSo() throws Exception {
        environment.put("SERINUS_INSTANCE_CREDENTIALS", "true");
        environment.put("GOOGLE_CLOUD_PROJECT", "of-the-installation");

        provider(settings(null, Map.of())).ask(query());

        assertThat(tokens.requests().getFirst().line())
                .isEqualTo("GET /computeMetadata/v1/instance/service-accounts/default/token");
        assertThat(tokens.requests().getFirst().headers())
                .containsEntry("Metadata-flavor", List.of("Google"));
        assertThat(server.requests().getFirst().line())
                .isEqualTo("POST /v3/projects/of-the-installation/timeSeries:query");
    }

    /** As in Flagger: who may ask is told what is wrong with an empty query. */
    @Test
    void aQueryThatIsRefusedForBeingEmptyIsHealth() throws Exception {
        server.answer(400, "{\"error\":{\"status\":\"INVALID_ARGUMENT\"}}");
        assertThat(provider(settings(null, credentials())).available())
                .isInstanceOf(Answer.Samples.class);
        assertThat(server.requests().getFirst().body()).isEqualTo("{\"query\":\"\"}");

        server.answer(403, "{\"error\":{\"status\":\"PERMISSION_DENIED\"}}");
        assertThat(assertUnavailable(provider(settings(null, credentials())).available()))
                .contains("403 Forbidden");
    }

    @Test
    void allPointsAreKeptWithTheirTimes() throws Exception {
        assertThat(ask())
                .isEqualTo(
                        new Answer.Samples(
                                List.of(
                                        new Answer.Sample(Instant.parse("2026-03-01T09:01:00Z"), 1),
                                        new Answer.Sample(Instant.parse("2026-03-01T09:02:00Z"), 2),
                                        new Answer.Sample(
                                                Instant.parse("2026-03-01T09:03:00Z"), 42.5))));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    a whole number      | {"timeSeriesData":[{"pointData":[{"values":[{"int64Value":"42"}]}]}]}            | 42.0
                    a yes               | {"timeSeriesData":[{"pointData":[{"values":[{"boolValue":true}]}]}]}             | 1.0
                    no values           | {"timeSeriesData":[{"pointData":[{"values":[]}]}]}                               | NoData[because=invalid response: {"timeSeriesData":[{"pointData":[{"values":[]}]}]}: no values found]
                    no points           | {"timeSeriesData":[{"labelValues":[]}]}                                          | NoData[because=invalid response: {"timeSeriesData":[{"labelValues":[]}]}: no values found]
                    a distribution      | {"timeSeriesData":[{"pointData":[{"values":[{"distributionValue":{}}]}]}]}       | Unavailable[because=strconv.ParseFloat: parsing "[a distribution]": invalid syntax]
                    a text              | {"timeSeriesData":[{"pointData":[{"values":[{"stringValue":"many"}]}]}]}         | Unavailable[because=strconv.ParseFloat: parsing "many": invalid syntax]
                    several series      | {"timeSeriesData":[{"pointData":[]},{"pointData":[{"values":[{"doubleValue":3}]}]},{"pointData":[{"values":[{"doubleValue":4}]}]}]} | 3.0 of 2 series
                    one with data       | {"timeSeriesData":[{"pointData":[]},{"pointData":[{"values":[{"doubleValue":2}]}]}]} | 2.0
                    infinite            | {"timeSeriesData":[{"pointData":[{"values":[{"doubleValue":"Infinity"}]}]}]}     | Infinity
                    half an answer      | {"partialErrors":[{"message":"a zone is away"}]}                                 | Unavailable[because=query failed in part: a zone is away]
                    """)
    void readsAnswers(String name, String given, String expected) throws Exception {
        server.answer(200, given);

        assertThat(text(ask())).isEqualTo(expected);
    }

    /** Its address is the Secret's, and what it says is kept. */
    @Test
    void aTokenIsNotLongAndIsNotKeptForLong() throws Exception {
        tokens.answer(
                200, "{\"access_token\":\"%s\",\"expires_in\":3600}".formatted("x".repeat(9000)));
        assertThat(assertUnavailable(ask())).contains("its answer has none");

        tokens.answer(
                200,
                "{\"access_token\":\"a\",\"expires_in\":3600,\"x\":\"%s\"}"
                        .formatted("x".repeat(40_000)));
        assertThat(assertUnavailable(ask())).contains("its answer is too long");
    }
}
