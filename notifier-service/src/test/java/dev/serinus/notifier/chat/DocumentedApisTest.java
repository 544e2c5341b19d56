package dev.serinus.notifier.chat;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.notifier.mail.Envelope;
import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.outgoing.Signer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.net.URI;
import java.time.Instant;
import java.util.List;

/** Sends to stand-ins that take only what the services' documentation describes. */
class DocumentedApisTest {

    private static final String KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "pagerduty",
                "opsgenie",
                "grafana",
                "github",
                "gitlab",
                "msteams-workflow",
                "custom"
            })
    void takesWhatIsSentOfEachMessage(String type) throws Exception {
        try (var service = new FakeService(type)) {
            for (Message message : ShownMessages.all()) {
                assertThat(service.tell(message, destination(service, type, "/shop/podinfo")))
                        .isEqualTo(new Delivery.Result.Taken());
            }
            assertThat(service.asked)
                    .hasSize(3)
                    .allSatisfy(
                            asked -> assertThat(asked.headers()).containsKey("Idempotency-Key"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"msteams-workflow", "custom"})
    void takesADigestLikeAnyMessage(String type) throws Exception {
        try (var service = new FakeService(type)) {
            assertThat(
                            service.tell(
                                    ShownMessages.digest(),
                                    destination(service, type, "/shop/podinfo")))
                    .isEqualTo(new Delivery.Result.Taken());
        }
    }

    /** Texts as long as a Canary's author can make them. */
    @ParameterizedTest
    @ValueSource(strings = {"pagerduty", "opsgenie", "github", "gitlab"})
    void staysWithinTheServicesLimits(String type) {
        var failed = ShownMessages.failed();
        var loud =
                new Message(
                        "msg_1",
                        "podinfo.shop",
                        Severity.ERROR,
                        "x".repeat(20_000),
                        false,
                        List.of(),
                        List.of(),
                        failed.subject());
        var notifier = (WebNotifier) Notifiers.ALL.of(type).orElseThrow();

        var body =
                notifier.payload(
                        loud, new Destination(type, "", "", "https://x.example/a/b", "t", null));

        assertThat(FakeService.mistakes(type, body)).isEmpty();
    }

    @Test
    void pagersNameTheRunThatFailedAndTheOneThatIsResolved() throws Exception {
        try (var service = new FakeService("pagerduty")) {
            var pager = destination(service, "pagerduty", "/v2/enqueue");
            service.tell(ShownMessages.failed(), pager);
            service.tell(ShownMessages.promoted().ofIncident("serinus/prod/shop/podinfo/7"), pager);

            assertThat(service.asked)
                    .extracting(
                            asked ->
                                    asked.body().path("event_action").asText()
                                            + " "
                                            + asked.body().path("dedup_key").asText())
                    .containsExactly(
                            "trigger serinus/prod/shop/podinfo/7",
                            "resolve serinus/prod/shop/podinfo/7");
            assertThat(service.asked.getFirst().body().at("/payload/custom_details/evidence"))
                    .hasToString(
                            "[\"request-success-rate 95.00 % < 99.00 %\","
                                    + "\"request-duration 612.00 ms > 500.00 ms\"]");
        }
        try (var service = new FakeService("opsgenie")) {
            var pager = destination(service, "opsgenie", "");
            service.tell(ShownMessages.failed(), pager);
            service.tell(ShownMessages.promoted().ofIncident("serinus/prod/shop/podinfo/7"), pager);

            assertThat(service.asked)
                    .extracting(FakeService.Asked::line)
                    .containsExactly(
                            "POST /v2/alerts",
                            "POST /v2/alerts/serinus%2Fprod%2Fshop%2Fpodinfo%2F7/close?identifierType=alias");
            assertThat(service.asked.getFirst().headers())
                    .containsEntry("Authorization", "GenieKey t0k3n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "github, https://github.com/shop/app.git, https://api.github.com/repos/shop/app/statuses/",
        "github, https://api.github.com/repos/shop/app/,"
                + " https://api.github.com/repos/shop/app/statuses/",
        "github, https://git.example/shop/app, https://git.example/api/v3/repos/shop/app/statuses/",
        "gitlab, https://gitlab.com/shop/team/app,"
                + " https://gitlab.com/api/v4/projects/shop%2Fteam%2Fapp/statuses/",
        "gitlab, https://git.example/api/v4/projects/42,"
                + " https://git.example/api/v4/projects/42/statuses/"
    })
    void aCommitIsFoundByItsRepository(String type, String written, String wanted) {
        var notifier = (WebNotifier) Notifiers.ALL.of(type).orElseThrow();

        assertThat(notifier.address(URI.create(written), ShownMessages.started()))
                .hasToString(wanted + ShownMessages.COMMIT);
    }

    @Test
    void theStatusOfACommitSaysWhatBecameOfItAndWhy() throws Exception {
        try (var service = new FakeService("github")) {
            for (Message message : ShownMessages.all()) {
                service.tell(message, destination(service, "github", "/repos/shop/podinfo"));
            }
            assertThat(service.asked)
                    .extracting(asked -> asked.body().path("state").asText())
                    .containsExactly("pending", "failure", "success");
            assertThat(service.asked.get(1).body().path("description").asText())
                    .isEqualTo(
                            "Failed checks threshold reached 5; request-success-rate 95.00 % <"
                                    + " 99.00 %; request-duration 612.00 ms > 500.00 ms; Now: All"
                                    + " traffic goes ba…");
        }
    }

    @Test
    void whatGitLabHasAlreadyIsNoFailure() {
        assertThat(
                        new GitLab()
                                .isSoAlready(
                                        400,
                                        "{\"message\":\"Cannot transition status via :run from"
                                                + " :running\"}"))
                .isTrue();
        assertThat(new GitLab().isSoAlready(400, "{\"message\":\"bad\"}")).isFalse();
    }

    @Test
    void aCustomServiceMayBePutToAndKnowsWhoSpeaks() throws Exception {
        try (var service = new FakeService("custom")) {
            var signed =
                    new Destination(
                            "custom",
                            "general",
                            "flagger",
                            service.url("/in"),
                            null,
                            null,
                            new Destination.Options("PUT", KEY, null, Envelope.NONE));
            service.tell(ShownMessages.failed(), signed);

            var asked = service.asked.getFirst();
            var at =
                    Instant.ofEpochSecond(Long.parseLong(asked.headers().get("webhook-timestamp")));
            assertThat(asked.line()).isEqualTo("PUT /in");
            assertThat(asked.headers())
                    .containsEntry("webhook-id", "msg_failed")
                    .containsAllEntriesOf(
                            Signer.of(KEY).headers("msg_failed", at, asked.body().toString()));
        }
    }

    @Test
    void everyMistakeOfAProviderIsTold() {
        var bare = new Destination("github", "", "", "https://github.com/shop", null, null);

        assertThat(new GitHub().problems(bare))
                .containsExactly(
                        "its Secret needs the key token, which may write commit" + " statuses",
                        "its address must be a repository, such as"
                                + " https://github.com/OWNER/REPOSITORY");
        assertThat(
                        new Custom()
                                .problems(
                                        new Destination(
                                                "custom",
                                                "",
                                                "",
                                                "https://x.example",
                                                null,
                                                null,
                                                new Destination.Options(
                                                        null, "s3cr3t", null, Envelope.NONE))))
                .containsExactly(
                        "its Secret's key signingKey cannot be used: a signing key"
                                + " is written whsec_BASE64, of 16 bytes or more");
    }

    @Test
    void teamsIsSentTheCardThatItsAddressTakes() {
        var workflow =
                new Destination(
                        "msteams",
                        "",
                        "",
                        "https://prod-1.westeurope.logic.azure.com/workflows/x",
                        null,
                        null);

        var card = new MsTeams().payload(ShownMessages.failed(), workflow);

        assertThat(FakeService.mistakes("msteams-workflow", card)).isEmpty();
        assertThat(card.toString()).contains("{{DATE(2026-11-30T04:05:06Z, SHORT)}}");
    }

    @Test
    void markupInTextsIsReadAsItStands() {
        var nasty =
                new Message(
                        "msg_1",
                        "podinfo.shop",
                        Severity.WARN,
                        "a_b <!channel> *c* & d",
                        List.of());
        var any = new Destination("any", "", "", "https://x.example", null, null);

        assertThat(new Slack().payload(nasty, any).at("/attachments/0/text").asText())
                .isEqualTo("a_b &lt;!channel&gt; *c* &amp; d");
        assertThat(new Discord().payload(nasty, any).at("/attachments/0/text").asText())
                .isEqualTo("a\\_b \\<!channel> \\*c\\* & d");
        assertThat(new Grafana().payload(nasty, any).path("text").asText())
                .isEqualTo("<b>podinfo.shop</b> a_b &lt;!channel&gt; *c* &amp; d");
        assertThat(new MsTeamsWorkflow().payload(nasty, any).toString())
                .contains("a\\\\_b <\u200B!channel> \\\\*c\\\\* & d");
    }

    private static Destination destination(FakeService service, String type, String path) {
        return new Destination(type, "releases", "serinus", service.url(path), "t0k3n", null);
    }
}
