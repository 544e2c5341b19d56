package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** With a key that a Secret holds, unless a test says otherwise. */
class AmazonPrometheusTest extends ProviderContract implements PromQlAnswers {

    private static final String WORKSPACE =
            "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-b226cc2a-a446-46a9-933a-ac50479a5568";

    private final ProviderType type = AmazonPrometheus.type();
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
    protected Map<String, String> credentials() {
        return Map.of("aws_access_key_id", "AKIALAB", "aws_secret_access_key", "lab-secret");
    }

    /** The id of the key is part of the signature. */
    @Override
    protected List<String> secrets() {
        return List.of("lab-secret");
    }

    @Override
    protected Optional<Map<String, String>> incompleteCredentials() {
        return Optional.of(Map.of("aws_access_key_id", "AKIALAB"));
    }

    @Override
    protected ProviderSettings settings(@Nullable String address, Map<String, String> secret) {
        boolean namesIt = address != null && address.contains("aps-workspaces");
        return in(namesIt ? null : "eu-west-1", address, secret);
    }

    private ProviderSettings in(
            @Nullable String region, @Nullable String address, Map<String, String> secret) {
        return new ProviderSettings(
                type.name(), address, Map.of(), secret, !secret.isEmpty(), false, region, "1m");
    }

    /** A user in it would be somebody else's way in. */
    @Override
    @Test
    void theUserOfAnAddressIsNotTold() {
        assertThat(wrong(settings("https://me:pass-of-url@proxy.example", credentials())))
                .startsWith("amazonprometheus endpoint must be such as https://aps-workspaces.")
                .doesNotContain("pass-of-url");
    }

    /** As AWS's own library (botocore 1.43.11) signs the same request at the same time. */
    @Test
    void theWorkspaceIsAskedByASignedForm() throws Exception {
        List<ProviderHttp.Request> sent = new ArrayList<>();

        value(asked(WORKSPACE, credentials(), sent).ask(query()));

        var request = sent.getFirst();
        assertThat(request.method()).isEqualTo("POST");
        assertThat(request.uri()).isEqualTo(URI.create(WORKSPACE + "/api/v1/query"));
        assertThat(request.body()).isEqualTo("query=sum%28rate%28errors_total%5B1m%5D%29%29");
        assertThat(request.headers())
                .containsEntry("X-Amz-Date", List.of("20260301T100000Z"))
                .containsEntry(
                        "Authorization",
                        List.of(
                                "AWS4-HMAC-SHA256"
                                    + " Credential=AKIALAB/20260301/eu-west-1/aps/aws4_request,"
                                    + " SignedHeaders=content-length;content-type;host;x-amz-date,"
                                    + " Signature=4d82384930b8cd6ef4d3d33809250ea365921e26c66aa3f3705a24f0839e7c30"));
    }

    @Test
    void theSessionOfATemporaryKeyIsSigned() throws Exception {
        var secret = new HashMap<>(credentials());
        secret.put("aws_session_token", "lab-session");

        value(provider(settings(server.url(), secret)).ask(query()));

        var headers = server.requests().getFirst().headers();
        assertThat(headers).containsEntry("X-amz-security-token", List.of("lab-session"));
        assertThat(String.join("", headers.getOrDefault("Authorization", List.of())))
                .contains(";x-amz-date;x-amz-security-token,");
    }

    @Test
    void aRangeIsAskedByASignedForm() throws Exception {
        server.answer(200, PrometheusBodies.matrix("[1,\"5\"],[61.5,\"7\"]"));

        var answer =
                provider(settings(server.url(), credentials()))
                        .range(
                                "up",
                                Instant.ofEpochMilli(1_000),
                                Instant.ofEpochMilli(121_500),
                                Duration.ofSeconds(60));

        assertThat(((Answer.Samples) answer.orElseThrow()).samples())
                .extracting(Answer.Sample::value)
                .containsExactly(5.0, 7.0);
        assertThat(server.requests().getFirst().line()).isEqualTo("POST /api/v1/query_range");
        assertThat(server.requests().getFirst().body())
                .isEqualTo("query=up&start=1.000&end=121.500&step=60.000");
    }

    @Test
    void severalSeriesAreAnError() throws Exception {
        server.answer(200, PrometheusBodies.vector(1, 2));

        assertThat(assertUnavailable(ask())).startsWith("query returned multiple values: 2 series");
    }

    /** Signed is what is sent, and AWS takes neither for the other. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://vpce.example:443/workspaces/ws-1",
                "HTTPS://vpce.example/workspaces/ws-1",
                "HTTPS://vpce.example:443/workspaces/ws-1"
            })
    void theUsualPortIsNeitherSignedNorSent(String address) throws Exception {
        List<ProviderHttp.Request> plain = new ArrayList<>();
        List<ProviderHttp.Request> sent = new ArrayList<>();

        value(asked("https://vpce.example/workspaces/ws-1", credentials(), plain).ask(query()));
        value(asked(address, credentials(), sent).ask(query()));

        assertThat(sent.getFirst().uri()).isEqualTo(plain.getFirst().uri());
        assertThat(sent.getFirst().headers()).isEqualTo(plain.getFirst().headers());
    }

    @Test
    void anotherPortIsSignedAndSent() throws Exception {
        List<ProviderHttp.Request> plain = new ArrayList<>();
        List<ProviderHttp.Request> sent = new ArrayList<>();

        value(asked("https://vpce.example/workspaces/ws-1", credentials(), plain).ask(query()));
        value(asked("https://vpce.example:8443/workspaces/ws-1", credentials(), sent).ask(query()));

        assertThat(sent.getFirst().uri()).hasPort(8443);
        assertThat(sent.getFirst().headers()).isNotEqualTo(plain.getFirst().headers());
    }

    /** The installation's own identity goes to the usual port of AWS's host, named or not. */
    @Test
    void theUsualPortMayBeNamed() throws Exception {
        environment.put("AWS_ACCESS_KEY_ID", "AKIAOURS");
        environment.put("AWS_SECRET_ACCESS_KEY", "our-secret");
        List<ProviderHttp.Request> sent = new ArrayList<>();

        value(asked(WORKSPACE.replace(".com/", ".com:443/"), Map.of(), sent).ask(query()));

        assertThat(sent.getFirst().uri()).isEqualTo(URI.create(WORKSPACE + "/api/v1/query"));
    }

    /** The console shows the address of queries, and that of the workspace. */
    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/api/v1/query", "/api/v1/query/"})
    void whatTheConsoleShowsIsAnAddress(String end) throws Exception {
        List<ProviderHttp.Request> sent = new ArrayList<>();

        value(asked(WORKSPACE + end, credentials(), sent).ask(query()));

        assertThat(sent.getFirst().uri()).isEqualTo(URI.create(WORKSPACE + "/api/v1/query"));
    }

    /** A pattern for its end takes a minute. */
    @Test
    void anAddressOfManySlashesTakesNoTime() {
        String address = "https://h" + "/".repeat(100_000) + "x";

        assertTimeoutPreemptively(
                Duration.ofSeconds(5), () -> made(settings(address, credentials()), server.http()));
    }

    @Test
    void theRegionIsTheOneThatTheAddressNames() {
        assertThat(wrong(in("us-east-1", WORKSPACE, credentials())))
                .isEqualTo("spec.provider.region is not the region that the address names");
        assertThat(wrong(in(null, "https://vpce.example", credentials())))
                .isEqualTo(
                        "spec.provider.region is not set, and the address does not name it as"
                            + " https://aps-workspaces.REGION.amazonaws.com/workspaces/ID does");
        assertThat(wrong(in("nowhere", server.url(), credentials())))
                .isEqualTo("spec.provider.region is no region of AWS such as eu-west-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1",
                "https://aps-workspaces.eu-west-1.amazonaws.com.thief.example/workspaces/ws-1",
                "https://aps-workspaces.eu-west-1.amazonaws.com:8443/workspaces/ws-1",
                "https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ws-1/more",
                "https://thief.example/workspaces/ws-1",
            })
    void whoTheInstallationIsIsShownToAwsAlone(String address) {
        environment.put("AWS_ACCESS_KEY_ID", "AKIAOURS");
        environment.put("AWS_SECRET_ACCESS_KEY", "our-secret");

        assertThat(wrong(in("eu-west-1", address, Map.of())))
                .isEqualTo(
                        "amazonprometheus endpoint must be"
                                + " https://aps-workspaces.eu-west-1.amazonaws.com/workspaces/ID"
                                + " without a Secret that has aws_access_key_id and"
                                + " aws_secret_access_key");
    }

    @Test
    void noOtherPartitionIsShownWhoTheInstallationIs() {
        environment.put("AWS_REGION", "eu-west-1");
        String address = "https://aps-workspaces.cn-north-1.amazonaws.com.cn/workspaces/ws-1";

        assertThat(wrong(in(null, address, Map.of())))
                .startsWith("spec.provider.address: cn-north-1 is in the partition aws-cn of AWS,");
        assertThat(made(in(null, address, credentials()), server.http())).isNotNull();
    }

    @Test
    void withoutASecretTheInstallationAsks() throws Exception {
        environment.put("AWS_ACCESS_KEY_ID", "AKIAOURS");
        environment.put("AWS_SECRET_ACCESS_KEY", "our-secret");
        List<ProviderHttp.Request> sent = new ArrayList<>();

        value(asked(WORKSPACE, Map.of(), sent).ask(query()));

        assertThat(
                        String.join(
                                "",
                                sent.getFirst().headers().getOrDefault("Authorization", List.of())))
                .contains("Credential=AKIAOURS/20260301/eu-west-1/aps/aws4_request");
    }

    @Test
    void withoutCredentialsNobodyIsAsked() throws Exception {
        List<ProviderHttp.Request> sent = new ArrayList<>();

        assertThat(assertUnavailable(asked(WORKSPACE, Map.of(), sent).ask(query())))
                .startsWith("request failed: no AWS credentials: give the watcher");
        assertThat(sent).isEmpty();
    }

    /** The installation has keys of a container's, from this server; AWS is the other one. */
    private ProviderHttp installed(MetricsServer identities) throws Exception {
        environment.put(
                "AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials");
        identities.start();
        identities.answer(
                200,
                """
                {"AccessKeyId":"ASIALAB","SecretAccessKey":"short-secret","Token":"s",
                 "Expiration":"2026-03-01T11:00:00Z"}
                """);
        return request -> {
            boolean atAws = request.uri().toString().startsWith(WORKSPACE);
            String here = (atAws ? server : identities).url() + request.uri().getRawPath();
            return server.http().send(request.to(URI.create(here)));
        };
    }

    @Test
    void whatAwsTakesNoMoreIsGotAnew() throws Exception {
        try (var identities = new MetricsServer()) {
            var http = installed(identities);
            var provider = made(settings(WORKSPACE, Map.of()), http);
            value(provider.ask(query()));
            server.answer(
                    403,
                    "{\"message\":\"User: x is not authorized to perform: aps:QueryMetrics\"}");
            assertThat(assertUnavailable(provider.ask(query()))).contains("aps:QueryMetrics");
            assertThat(identities.requests()).hasSize(1);

            now = now.plus(ShortLived.LEAST);
            server.answer(
                    403, "{\"message\":\"The security token included in the request is expired\"}");
            assertThat(assertUnavailable(provider.ask(query()))).contains("is expired");
            server.answer(200, measured(7));

            assertThat(value(provider.ask(query()))).isEqualTo(7);
            assertThat(identities.requests()).hasSize(2);
        }
    }

    /** His server may be anybody's, and say what it wants. */
    @Test
    void whoRefusesTheKeyOfASecretDoesNotTakeTheInstallationsAway() throws Exception {
        try (var identities = new MetricsServer()) {
            var http = installed(identities);
            var ofTheInstallation = made(settings(WORKSPACE, Map.of()), http);
            value(ofTheInstallation.ask(query()));
            server.answer(401, "no");
            assertUnavailable(made(settings(WORKSPACE, credentials()), http).ask(query()));
            server.answer(200, measured(7));

            assertThat(value(ofTheInstallation.ask(query()))).isEqualTo(7);
            assertThat(identities.requests()).hasSize(1);
        }
    }

    /** A provider whose requests to AWS come to the server of the test. */
    private MetricsProvider asked(
            String address, Map<String, String> secret, List<ProviderHttp.Request> sent) {
        return made(
                settings(address, secret),
                request -> {
                    sent.add(request);
                    return server.http()
                            .send(
                                    request.to(
                                            URI.create(server.url() + request.uri().getRawPath())));
                });
    }
}
