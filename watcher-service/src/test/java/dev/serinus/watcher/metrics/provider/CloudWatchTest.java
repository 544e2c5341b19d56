package dev.serinus.watcher.metrics.provider;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

class CloudWatchTest extends FixedAddressContract implements RangeContract {

    private static final String CREDENTIALS =
            """
            {"AccessKeyId":"ASIALAB","SecretAccessKey":"short-secret","Token":"session-token",
             "Expiration":"2026-03-01T11:00:00Z"}
            """;

    private final ProviderType type = CloudWatch.type();
    private final MetricsServer identities = new MetricsServer();
    private Instant now = NOW;
    private final Map<String, String> environment =
            new HashMap<>(
                    Map.of("AWS_ACCESS_KEY_ID", "AKIALAB", "AWS_SECRET_ACCESS_KEY", "lab-secret"));

    @BeforeEach
    void serveIdentities() throws IOException {
        identities.start();
        identities.answer(200, CREDENTIALS);
    }

    @AfterEach
    void stopIdentities() {
        identities.close();
    }

    @Override
    protected ProviderType type() {
        return type;
    }

    @Override
    protected String fixed() {
        return "https://monitoring.eu-west-1.amazonaws.com";
    }

    @Override
    protected String here(String address) {
        return super.here(address)
                .replace("https://sts.eu-west-1.amazonaws.com", identities.url())
                .replace("http://169.254.170.2", identities.url())
                .replace("http://169.254.169.254", identities.url());
    }

    @Override
    protected Instant now() {
        return now;
    }

    @Override
    protected Map<String, String> environment() {
        return environment;
    }

    /** The Secret is not used. */
    @Override
    protected Map<String, String> credentials() {
        return Map.of();
    }

    @Override
    protected Collection<String> secrets() {
        return List.of("lab-secret");
    }

    @Override
    protected Optional<Map<String, String>> incompleteCredentials() {
        return Optional.empty();
    }

    @Override
    protected ProviderSettings settings(@Nullable String address, Map<String, String> secret) {
        return in("eu-west-1", "1m");
    }

    private static ProviderSettings in(@Nullable String region, String interval) {
        return new ProviderSettings(
                "cloudwatch", null, Map.of(), Map.of(), false, false, region, interval);
    }

    @Override
    public String query() {
        return "[{\"Id\":\"e1\",\"Expression\":\"m1\"}]";
    }

    @Override
    public String measured(double... values) {
        List<Integer> back =
                IntStream.range(0, values.length).mapToObj(i -> values.length - 1 - i).toList();
        return reply(
                "<member><Id>e1</Id><StatusCode>Complete</StatusCode><Timestamps>%s</Timestamps><Values>%s</Values></member>"
                        .formatted(
                                back.stream()
                                        .map("<member>2026-03-01T09:0%d:00Z</member>"::formatted)
                                        .collect(Collectors.joining()),
                                back.stream()
                                        .map(i -> "<member>" + values[i] + "</member>")
                                        .collect(Collectors.joining())));
    }

    private static String reply(String members) {
        return "<GetMetricDataResponse xmlns=\"http://monitoring.amazonaws.com/doc/2010-08-01/\"><GetMetricDataResult><MetricDataResults>%s</MetricDataResults></GetMetricDataResult></GetMetricDataResponse>"
                .formatted(members);
    }

    private static String error(String code, String message) {
        return "<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>r</RequestId></ErrorResponse>"
                .formatted(code, message);
    }

    @Override
    public String series(double... values) {
        List<Integer> back =
                IntStream.range(0, values.length).mapToObj(i -> values.length - 1 - i).toList();
        return reply(
                "<member><Id>e1</Id><StatusCode>Complete</StatusCode><Timestamps>%s</Timestamps><Values>%s</Values></member>"
                        .formatted(
                                back.stream()
                                        .map(i -> RangeContract.begin(values.length, i))
                                        .map("<member>%s</member>"::formatted)
                                        .collect(Collectors.joining()),
                                back.stream()
                                        .map(i -> "<member>" + values[i] + "</member>")
                                        .collect(Collectors.joining())));
    }

    @Override
    public String twoSeries() {
        return reply("<member><Id>a</Id></member><member><Id>b</Id></member>");
    }

    @Override
    public String nothing() {
        return reply("");
    }

    @Override
    public String healthy() {
        return nothing();
    }

    /** There is none in the Secret that could be broken. */
    @Override
    @Test
    void aHeaderThatCannotBeSentIsTheManifestsFault() throws Exception {
        environment.put("AWS_ACCESS_KEY_ID", "AKIA\r\nX-Injected: yes");

        assertThat(ask()).isInstanceOf(Answer.Misconfigured.class);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void asksAboutTenIntervalsAndSignsIt() throws Exception {
        provider(settings(null, Map.of()))
                .ask(
                        """
                        [{"Id": "e1", "Expression": "m1 / 2", "Label": "errors", "Other": [1]},
                         {"id": "m1", "ReturnData": false, "MetricStat": {"Metric": {"Namespace": "app",
                          "MetricName": "errors", "Dimensions": [{"Name": "ns", "Value": "test"}]},
                          "Period": 60, "Stat": "Sum", "Unit": "Count"}}]
                        """);

        var request = server.requests().getFirst();
        assertThat(request.line()).isEqualTo("POST /");
        assertThat(request.body())
                .isEqualTo(
                        "Action=GetMetricData&EndTime=2026-03-01T10%3A00%3A00Z&MaxDatapoints=20"
                            + "&MetricDataQueries.member.1.Expression=m1+%2F+2"
                            + "&MetricDataQueries.member.1.Id=e1"
                            + "&MetricDataQueries.member.1.Label=errors"
                            + "&MetricDataQueries.member.2.Id=m1"
                            + "&MetricDataQueries.member.2.MetricStat.Metric.Dimensions.member.1.Name=ns"
                            + "&MetricDataQueries.member.2.MetricStat.Metric.Dimensions.member.1.Value=test"
                            + "&MetricDataQueries.member.2.MetricStat.Metric.MetricName=errors"
                            + "&MetricDataQueries.member.2.MetricStat.Metric.Namespace=app"
                            + "&MetricDataQueries.member.2.MetricStat.Period=60"
                            + "&MetricDataQueries.member.2.MetricStat.Stat=Sum"
                            + "&MetricDataQueries.member.2.MetricStat.Unit=Count"
                            + "&MetricDataQueries.member.2.ReturnData=false"
                            + "&StartTime=2026-03-01T09%3A50%3A00Z&Version=2010-08-01");
        assertThat(request.headers())
                .containsEntry(
                        "Content-type", List.of("application/x-www-form-urlencoded; charset=utf-8"))
                .containsEntry("X-amz-date", List.of("20260301T100000Z"));
        assertThat(String.join("", request.headers().getOrDefault("Authorization", List.of())))
                .startsWith(
                        "AWS4-HMAC-SHA256"
                                + " Credential=AKIALAB/20260301/eu-west-1/monitoring/aws4_request,"
                                + " SignedHeaders=content-length;content-type;host;x-amz-date,"
                                + " Signature=");
        assertThat(request.headers())
                .containsEntry("Content-length", List.of(String.valueOf(request.body().length())));
    }

    @Test
    void theRegionMustBeOne() {
        assertThat(wrong(in(null, "1m"))).isEqualTo("region not specified");
        for (String region :
                List.of(
                        "thief.example/",
                        "eu-west-1.thief",
                        "eu west 1",
                        "s3-us-west-2",
                        "x".repeat(40))) {
            assertThat(wrong(in(region, "1m")))
                    .isEqualTo("spec.provider.region is no region of AWS such as eu-west-1");
        }
        assertThat(wrong(in("eu-west-1", "1d"))).startsWith("error parsing metric interval");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    no JSON        | e1                                | query of CloudWatch must be a JSON list of MetricDataQueries: invalid character 'e' looking for beginning of value
                    an object      | {"Id":"e1"}                       | query of CloudWatch must be a JSON list of MetricDataQueries: it must be a list
                    no objects     | ["e1"]                            | query of CloudWatch must be a JSON list of MetricDataQueries: [0] must be an object
                    a wrong type   | [{"Id":"m","metricstat":{"Period":"1m"}}] | query of CloudWatch must be a JSON list of MetricDataQueries: [0].MetricStat.Period must be a whole number
                    """)
    void aQueryThatIsNoneIsTheManifestsFault(String name, String query, String expected)
            throws Exception {
        assertThat(provider(settings(null, Map.of())).ask(query))
                .isEqualTo(new Answer.Misconfigured(expected));
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void whatAwsRefusesIsToldInItsWords() throws Exception {
        server.answer(403, error("AccessDenied", "not authorised"));

        assertThat(ask())
                .isEqualTo(
                        new Answer.Unavailable(
                                "error requesting cloudwatch: AccessDenied: not authorised\n"
                                        + "\tstatus code: 403, request id: r"));
        assertThat(server.requests()).hasSize(1);
    }

    @Test
    void whatFailsAtAwsIsAskedFourTimes() throws Exception {
        server.answer(500, error("InternalFailure", "boom"));

        assertThat(assertUnavailable(ask())).contains("InternalFailure: boom");
        assertThat(server.requests()).hasSize(4);

        server.answer(400, error("Throttling", "Rate exceeded"));
        assertThat(assertUnavailable(ask())).contains("Throttling");
        assertThat(server.requests()).hasSize(8);
    }

    @Test
    void aRefusalOfTheEmptyQueryIsHealth() throws Exception {
        server.answer(400, error("ValidationError", "MetricDataQueries is required"));

        assertThat(provider(settings(null, Map.of())).available())
                .isInstanceOf(Answer.Samples.class);
        assertThat(server.requests().getFirst().body())
                .isEqualTo(
                        "Action=GetMetricData&EndTime=0001-01-01T00%3A00%3A00Z&MetricDataQueries="
                                + "&StartTime=0001-01-01T00%3A00%3A00Z&Version=2010-08-01");

        server.answer(403, error("AccessDenied", "no"));
        assertThat(assertUnavailable(provider(settings(null, Map.of())).available()))
                .startsWith("unexpected error: AccessDenied: no");
    }

    @Test
    void withoutCredentialsNobodyIsAsked() throws Exception {
        environment.clear();

        assertThat(assertUnavailable(ask()))
                .isEqualTo(
                        "error requesting cloudwatch: no AWS credentials: give the watcher a"
                                + " service account with a role of IAM, or AWS_ACCESS_KEY_ID and"
                                + " AWS_SECRET_ACCESS_KEY, or SERINUS_INSTANCE_CREDENTIALS=true");
        assertThat(server.requests()).isEmpty();
        assertThat(identities.requests()).isEmpty();
    }

    @Test
    void aRoleIsTakenByWebIdentity(@TempDir Path folder) throws Exception {
        environment.clear();
        Path token = Files.writeString(folder.resolve("token"), "eyJ.lab.jwt\n");
        environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
        environment.put("AWS_ROLE_ARN", "arn:aws:iam::1:role/serinus");
        environment.put("AWS_ROLE_SESSION_NAME", "lab");
        environment.put("AWS_REGION", "eu-west-1");
        identities.answer(
                200,
                """
                <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
                 <AssumeRoleWithWebIdentityResult><Credentials><AccessKeyId>ASIALAB</AccessKeyId>
                 <SecretAccessKey>short-secret</SecretAccessKey><SessionToken>session-token</SessionToken>
                 <Expiration>2026-03-01T11:00:00Z</Expiration></Credentials>
                 </AssumeRoleWithWebIdentityResult></AssumeRoleWithWebIdentityResponse>
                """);

        assertSignedWithSession();
        ask();

        assertThat(identities.requests()).hasSize(1);
        assertThat(identities.requests().getFirst().line()).isEqualTo("POST /");
        assertThat(identities.requests().getFirst().body())
                .isEqualTo(
                        "Action=AssumeRoleWithWebIdentity"
                                + "&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fserinus"
                                + "&RoleSessionName=lab&Version=2011-06-15"
                                + "&WebIdentityToken=eyJ.lab.jwt");
    }

    /** The proof of who the installation is goes where it is at home, whatever a template names. */
    @Test
    void aRoleIsTheSameForAllRegionsAndIsGotInTheInstallations(@TempDir Path folder)
            throws Exception {
        environment.clear();
        Path token = Files.writeString(folder.resolve("token"), "eyJ.lab.jwt");
        environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
        environment.put("AWS_ROLE_ARN", "arn:aws:iam::1:role/serinus");
        environment.put("AWS_REGION", "eu-west-1");

        for (int i = 1; i <= ShortLived.MOST_OF_OWNER + 10; i++) {
            provider(in("us-east-%d".formatted(i % 100), "1m")).ask(query());
        }

        assertThat(identities.requests()).hasSize(1);
    }

    @ParameterizedTest(name = "{0} in {1}")
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    AWS_REGION         | eu-west-1                          | cn-north-1    | aws-cn
                    AWS_REGION         | eu-west-1                          | us-gov-west-1 | aws-us-gov
                    AWS_DEFAULT_REGION | eu-west-1                          | eusc-de-east-1| aws-eusc
                    AWS_ROLE_ARN       | arn:aws:iam::1:role/serinus        | cn-north-1    | aws-cn
                    AWS_PROFILE        | none that counts                   | cn-north-1    | aws-cn
                    """)
    void noOtherPartitionIsShownWhoTheInstallationIs(
            String variable, String value, String asked, String partition) {
        environment.put(variable, value);

        assertThat(wrong(in(asked, "1m")))
                .isEqualTo(
                        ("spec.provider.region: %s is in the partition %s of AWS, and the"
                             + " installation's own identity is of aws and shown nowhere else: name"
                             + " a region of that, or give the watcher AWS_REGION and an identity"
                             + " of %s")
                                .formatted(asked, partition, partition));
    }

    @Test
    void whereTheInstallationIsMustBeARegion() {
        environment.put("AWS_REGION", "here");

        assertThat(wrong(in("eu-west-1", "1m")))
                .isEqualTo("AWS_REGION of the watcher is no region of AWS such as eu-west-1");
    }

    @Test
    void aRoleOfAnotherPartitionNeedsItsRegion(@TempDir Path folder) throws Exception {
        environment.clear();
        Path token = Files.writeString(folder.resolve("token"), "eyJ.lab.jwt");
        environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
        environment.put("AWS_ROLE_ARN", "arn:aws-cn:iam::1:role/serinus");

        assertThat(assertUnavailable(provider(in("cn-north-1", "1m")).ask(query())))
                .isEqualTo(
                        "error requesting cloudwatch: AWS_REGION of the watcher is not set, and"
                                + " AWS_ROLE_ARN is of the partition aws-cn");
    }

    @Test
    void whyThereIsNoRoleIsToldWithoutTheToken(@TempDir Path folder) throws Exception {
        environment.clear();
        Path token = Files.writeString(folder.resolve("token"), "eyJ.lab.jwt");
        environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", token.toString());
        environment.put("AWS_ROLE_ARN", "arn:aws:iam::1:role/serinus");
        environment.put("AWS_DEFAULT_REGION", "eu-west-1");
        identities.answer(403, error("AccessDenied", "no trust in eyJ.lab.jwt"));

        assertThat(assertUnavailable(ask()))
                .startsWith(
                        "error requesting cloudwatch: AWS gave no credentials for the role:"
                                + " AccessDenied: no trust in")
                .doesNotContain("eyJ");

        environment.put("AWS_WEB_IDENTITY_TOKEN_FILE", folder.resolve("none").toString());
        now = now.plus(ShortLived.REST);
        assertThat(assertUnavailable(ask()))
                .isEqualTo(
                        "error requesting cloudwatch: the file that AWS_WEB_IDENTITY_TOKEN_FILE"
                                + " names cannot be read");
    }

    @Test
    void theContainerIsAskedWhereTheEnvironmentNamesIt(@TempDir Path folder) throws Exception {
        environment.clear();
        Path token = Files.writeString(folder.resolve("token"), "pod-token");
        environment.put("AWS_CONTAINER_CREDENTIALS_FULL_URI", identities.url() + "/v1/credentials");
        environment.put("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token.toString());

        assertSignedWithSession();

        assertThat(identities.requests().getFirst().line()).isEqualTo("GET /v1/credentials");
        assertThat(identities.requests().getFirst().headers())
                .containsEntry("Authorization", List.of("pod-token"));
    }

    @Test
    void theInstanceIsAskedOnlyWhereTheInstallationSaysSo() throws Exception {
        environment.clear();
        environment.put("SERINUS_INSTANCE_CREDENTIALS", "true");
        identities.answer(200, "node-role");

        assertThat(assertUnavailable(ask()))
                .isEqualTo(
                        "error requesting cloudwatch: the instance has no credentials of AWS: its"
                                + " answer cannot be read");

        assertThat(identities.requests())
                .extracting(Seen::line)
                .containsExactly(
                        "PUT /latest/api/token",
                        "GET /latest/meta-data/iam/security-credentials/",
                        "GET /latest/meta-data/iam/security-credentials/node-role");
        assertThat(identities.requests().get(1).headers())
                .containsEntry("X-aws-ec2-metadata-token", List.of("node-role"));
    }

    @Test
    void whatAwsTakesNoMoreIsGotAnew() throws Exception {
        environment.clear();
        environment.put("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials");
        ask();
        now = now.plus(ShortLived.LEAST);
        server.answer(403, error("ExpiredToken", "expired"));
        ask();
        server.answer(200, measured(1));

        assertSignedWithSession();
        assertThat(identities.requests()).hasSize(2);
    }

    private void assertSignedWithSession() throws InterruptedException {
        value(ask());
        var headers = server.requests().getLast().headers();
        assertThat(headers).containsEntry("X-amz-security-token", List.of("session-token"));
        assertThat(String.join("", headers.getOrDefault("Authorization", List.of())))
                .contains("Credential=ASIALAB/", ";x-amz-date;x-amz-security-token,");
    }

    @Test
    void noKeyIsToldThatAwsEchoes() throws Exception {
        server.answer(400, error("Odd", "lab-secret"));

        assertThat(assertUnavailable(ask())).contains("Odd").doesNotContain("lab-secret");
    }

    @Test
    void noValuesAreToldAsFlaggerTellsThem() throws Exception {
        assertThat(readAs(reply("")))
                .isEqualTo("NoData[because=invalid response: {\n\n}: no values found]");
        assertThat(
                        readAs(
                                reply(
                                        "<member><Id>e1</Id><Label>errors</Label><StatusCode>Complete</StatusCode><Values></Values></member>")))
                .isEqualTo(
                        """
                        NoData[because=invalid reponse {
                          MetricDataResults: [{
                              Id: "e1",
                              Label: "errors",
                              StatusCode: "Complete"
                            }]
                        }: no values found]\
                        """);
    }

    @Test
    void readsAnswers() throws Exception {
        String two =
                "<member><Id>a</Id><Values><member>1</member></Values></member>"
                        + "<member><Id>b</Id><Values><member>2</member></Values></member>";
        assertThat(readAs(reply(two))).isEqualTo("1.0 of 2 series");
        String failed =
                "<member><Id>a</Id><StatusCode>InternalError</StatusCode><Messages><member><Code>x</Code><Value>try"
                    + " later</Value></member></Messages></member>";
        assertThat(readAs(reply(failed)))
                .isEqualTo(
                        "Unavailable[because=error requesting cloudwatch: InternalError of query a:"
                                + " try later]");
        assertThat(
                        readAs(
                                reply(
                                        "<member><Id>a</Id><Values><member>much</member></Values></member>")))
                .isEqualTo(
                        "Unavailable[because=strconv.ParseFloat: parsing \"much\": invalid"
                                + " syntax]");
        assertThat(readAs("<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]><a>&b;</a>"))
                .startsWith("Unavailable[because=error requesting cloudwatch: the answer is no");
        assertThat(readAs("<a>".repeat(100))).startsWith("Unavailable[");
    }

    private String readAs(String body) throws InterruptedException {
        server.answer(200, body);
        return text(ask());
    }

    @Test
    void whoMayNotAskIsStillWhoHeIs() throws Exception {
        environment.clear();
        environment.put("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/credentials");
        ask();
        server.answer(403, error("AccessDenied", "not in this region"));
        ask();
        ask();

        assertThat(identities.requests()).hasSize(1);
    }

    @Test
    void aRangeIsAskedFromItsFirstMinuteOn() throws Exception {
        provider(settings(null, Map.of())).range(query(), FROM, TO, STEP);

        assertThat(server.requests().getFirst().body())
                .contains("&EndTime=2026-03-01T10%3A00%3A00Z&MaxDatapoints=4500&")
                .contains("&StartTime=2026-03-01T09%3A54%3A00Z&");
    }

    @Test
    void aPeriodIsAsLongAsTheQuerySays() throws Exception {
        server.answer(200, series(1, 2, 3, 4, 5, 6));
        String query =
                "[{\"Id\":\"m1\",\"MetricStat\":{\"Metric\":{\"Namespace\":\"n\",\"MetricName\":\"m\"},\"Period\":180,\"Stat\":\"Sum\"}}]";

        var answer =
                provider(settings(null, Map.of()))
                        .range(query, FROM, TO, STEP.multipliedBy(2))
                        .orElseThrow();

        // Those of the last two minutes are still being counted.
        assertThat(((Answer.Samples) answer).samples())
                .containsExactly(
                        new Answer.Sample(TO.minusSeconds(180), 1),
                        new Answer.Sample(TO.minusSeconds(60), 3));
    }

    @Test
    void moreThanAnAnswerHoldsIsNoSpan() throws Exception {
        server.answer(
                200,
                series(1, 2)
                        .replace(
                                "</GetMetricDataResult>",
                                "<NextToken>t</NextToken></GetMetricDataResult>"));

        assertThat(
                        assertUnavailable(
                                provider(settings(null, Map.of()))
                                        .range(query(), FROM, TO, STEP)
                                        .orElseThrow()))
                .isEqualTo(
                        "error requesting cloudwatch: there are more than 4500 values: give the"
                                + " query a longer Period");
    }
}
