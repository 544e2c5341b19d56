package dev.serinus.notifier.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.serinus.schemas.events.Severity;
import dev.serinus.schemas.template.RenderException;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

class MessageTemplateTest {

    /** As guides write it for Flagger, which has no such field. */
    private static final String GUIDE =
            """
            {{ if eq .Status "succeeded" }}:white_check_mark:{{ else }}:warning:{{ end }}
            *Canary Deployment {{ .Status }}*

            *Environment:* {{ .Metadata.environment }}
            *Service:* {{ .Name }}.{{ .Namespace }}
            *Version:* {{ .Metadata.version }}

            {{ if eq .Status "failed" }}
            *Failure Reason:*
            {{ range .CanaryAnalysis.Iterations }}
            {{ if .Failed }}
            - {{ .Metric }}: {{ .Value }} (threshold: {{ .Threshold }})
            {{ end }}
            {{ end }}
            {{ end }}
            """;

    private static final UnaryOperator<String> RAW = UnaryOperator.identity();

    @Test
    void aClosedGateCanBeTold() throws Exception {
        var waiting =
                Objects.requireNonNull(
                        ShownMessages.others().get("A gate waits for approval"), "it is shown");

        assertThat(
                        MessageTemplate.render(
                                "{{ .Situation.ClosedGate }} {{ .Situation.ClosedThen }}: {{ .Gate"
                                        + " }}",
                                waiting,
                                Map.of(),
                                RAW))
                .startsWith("load-test fail: load-test is closed. It opens when ");
    }

    @Test
    void theGuidesTemplateTellsOfAFailureWithItsReasons() throws Exception {
        assertThat(MessageTemplate.render(GUIDE, ShownMessages.failed(), Map.of(), RAW))
                .isEqualTo(
                        """
                        :warning:
                        *Canary Deployment failed*

                        *Environment:* prod
                        *Service:* podinfo.shop
                        *Version:* 6.9.0

                        *Failure Reason:*

                        - request-success-rate: 95.00 (threshold: 99.00)

                        - request-duration: 612.00 (threshold: 500.00)\
                        """);
    }

    @Test
    void labelsOfTheCanaryComeFirstAndWhatIsNotKnownIsEmpty() throws Exception {
        assertThat(
                        MessageTemplate.render(
                                "{{ .Status }} {{ .Metadata.environment }} {{ .Metadata.version }}"
                                        + " [{{ .Metadata.none }}{{ .None.of.these }}]",
                                ShownMessages.promoted(),
                                Map.of("environment", "production"),
                                RAW))
                .isEqualTo("succeeded production 6.9.0 []");
    }

    @Test
    void ourOwnFactsAreThere() throws Exception {
        assertThat(
                        MessageTemplate.render(
                                "{{ .Cluster }} run {{ .Run }} {{ .Revision }} at {{ .Weight }}%,"
                                        + " {{ .FailedChecks }} failed, {{ index .Images 0 }}"
                                        + " {{ .Commit }} by {{ .Actor }} {{ .At }} {{ .Link }}",
                                ShownMessages.failed(), Map.of(), RAW))
                .isEqualTo(
                        "prod run 7 6867868d58 at 30%, 5 failed, registry.example/podinfo:6.9.0 "
                                + ShownMessages.COMMIT
                                + " by serinus 2026-11-30T04:05:06Z"
                                + " https://serinus.example/#/rollouts/prod/shop/podinfo");
    }

    @Test
    void aTemplateHasABudgetAndItsMistakesHaveALine() {
        assertThatThrownBy(
                        () ->
                                MessageTemplate.render(
                                        "{{ range 60000 }}{{ range 60000 }}x{{ end }}{{ end }}",
                                        ShownMessages.failed(),
                                        Map.of(),
                                        RAW))
                .isInstanceOf(RenderException.class);
        assertThatThrownBy(
                        () ->
                                MessageTemplate.render(
                                        "a\n{{ if }}", ShownMessages.failed(), Map.of(), RAW))
                .isInstanceOf(RenderException.class)
                .hasMessageStartingWith("line 2: ");
    }

    /** Whoever may write a provider must not be able to stop the messages of others with it. */
    @Test
    void aTextOfBlanksAndEmptyLinesTakesNoLongerThanAnother() {
        String blanks = "{{ printf \"%9999s\" \"\" }}".repeat(6);

        assertTimeoutPreemptively(
                Duration.ofSeconds(3),
                () ->
                        assertThat(
                                        MessageTemplate.render(
                                                "a" + blanks + "x \t\n\n \n\t\n\nb",
                                                ShownMessages.failed(),
                                                Map.of(),
                                                RAW))
                                .startsWith("a  ")
                                .endsWith("  x\n\nb"));
    }

    /** Hooks answer, and Canaries have annotations, that the provider's author never saw. */
    @Test
    void whatATemplatePutsInIsNoMarkupAndItsOwnTextIs() throws Exception {
        String text = "<!channel> & *x* [a](https://evil.example) @all";
        String html = "&lt;!channel&gt; &amp; *x* [a](https://evil.example) @all";
        Map<String, String> shown = new TreeMap<>();
        for (String type : Notifiers.ALL.types()) {
            var notifier = Notifiers.ALL.of(type).orElseThrow();
            var message = NotifierContract.message(Severity.WARN, text);
            String rendered =
                    MessageTemplate.render(
                            "<!here> *{{ .Severity }}*{{ \"<b>\" }}{{ if eq .Message .Metadata.same"
                                    + " }}{{ printf \"%s\" .Message }}{{ end }}",
                            message, Map.of("same", text), notifier::escaped);
            assertThat(rendered).startsWith("<!here> *warn*<b>");
            shown.put(type, rendered.substring("<!here> *warn*<b>".length()));
            var destination = new Destination(type, "", "", "", "t0k3n", null);
            var said = message.saying(rendered);
            assertThat(
                            switch (notifier) {
                                case WebNotifier web -> web.payload(said, destination).toString();
                                case MailNotifier mail -> mail.mail(said, destination).text();
                            })
                    .contains("*warn*");
        }

        assertThat(shown)
                .containsExactlyInAnyOrderEntriesOf(
                        Map.ofEntries(
                                Map.entry("email", text),
                                Map.entry(
                                        "slack",
                                        "&lt;!channel&gt; &amp; *x* [a](https://evil.example)"
                                                + " @all"),
                                Map.entry(
                                        "discord",
                                        "\\<!channel> & \\*x\\* \\[a\\](https://evil.example)"
                                                + " @all"),
                                Map.entry(
                                        "rocket",
                                        "<\u200B!channel> & *x* [a]\u200B(https://evil.example)"
                                                + " @\u200Ball"),
                                Map.entry(
                                        "msteams",
                                        "<\u200B!channel> & \\*x\\* \\[a\\](https://evil.example)"
                                                + " @all"),
                                Map.entry(
                                        "msteams-workflow",
                                        "<\u200B!channel> & \\*x\\* \\[a\\](https://evil.example)"
                                                + " @all"),
                                Map.entry("gchat", html),
                                Map.entry("grafana", html),
                                Map.entry("pagerduty", text),
                                Map.entry("opsgenie", text),
                                Map.entry("custom", text),
                                Map.entry("github", text),
                                Map.entry("gitlab", text)));
    }
}
