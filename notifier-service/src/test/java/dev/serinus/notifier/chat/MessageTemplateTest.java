package dev.serinus.notifier.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.serinus.schemas.template.RenderException;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.Map;

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

    @Test
    void theGuidesTemplateTellsOfAFailureWithItsReasons() throws Exception {
        assertThat(MessageTemplate.render(GUIDE, ThreeMessages.failed(), Map.of()))
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
                                ThreeMessages.promoted(),
                                Map.of("environment", "production")))
                .isEqualTo("succeeded production 6.9.0 []");
    }

    @Test
    void ourOwnFactsAreThere() throws Exception {
        assertThat(
                        MessageTemplate.render(
                                "{{ .Cluster }} run {{ .Run }} {{ .Revision }} at {{ .Weight }}%,"
                                        + " {{ .FailedChecks }} failed, {{ index .Images 0 }}"
                                        + " {{ .Commit }} by {{ .Actor }} {{ .At }} {{ .Link }}",
                                ThreeMessages.failed(), Map.of()))
                .isEqualTo(
                        "prod run 7 6867868d58 at 30%, 5 failed, registry.example/podinfo:6.9.0 "
                                + ThreeMessages.COMMIT
                                + " by serinus 2026-11-30T04:05:06Z"
                                + " https://serinus.example/#/rollouts/prod/shop/podinfo");
    }

    @Test
    void aTemplateHasABudgetAndItsMistakesHaveALine() {
        assertThatThrownBy(
                        () ->
                                MessageTemplate.render(
                                        "{{ range 60000 }}{{ range 60000 }}x{{ end }}{{ end }}",
                                        ThreeMessages.failed(),
                                        Map.of()))
                .isInstanceOf(RenderException.class);
        assertThatThrownBy(
                        () ->
                                MessageTemplate.render(
                                        "a\n{{ if }}", ThreeMessages.failed(), Map.of()))
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
                                                ThreeMessages.failed(),
                                                Map.of()))
                                .startsWith("a  ")
                                .endsWith("  x\n\nb"));
    }
}
