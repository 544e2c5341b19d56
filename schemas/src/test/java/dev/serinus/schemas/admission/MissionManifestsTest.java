package dev.serinus.schemas.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.AlertProvider;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.CanaryScheduling;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.MetricTemplate;
import dev.serinus.schemas.canary.MissionManifests;
import dev.serinus.schemas.canary.MissionManifests.Document;
import dev.serinus.schemas.canary.Reading;
import dev.serinus.schemas.crd.ApiServerSchema;
import dev.serinus.schemas.template.RenderException;
import dev.serinus.schemas.template.TextTemplate;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The manifests of the guides that platform teams come with, each as it stands: what is accepted,
 * and what their authors are told. Without the folder this is skipped.
 */
class MissionManifestsTest {

    /** How the sentences begin that their authors are told; of all others nothing is. */
    private static final Map<String, List<String>> TOLD =
            Map.of(
                    "03",
                    List.of("spec.analysis.sessionAffinity.path: is not set"),
                    "25",
                    List.of(
                            "spec.analysis.sessionAffinity.path: is not set",
                            "spec.analysis.webhooks[0].metadata.eventType: is never sent"),
                    "26",
                    List.of("spec.analysis.webhooks[4]: takes every release back"),
                    "34",
                    List.of("spec.analysis.webhooks[2]: takes every release back"),
                    "56c",
                    List.of("spec.service.rewrite"));

    @Test
    void areThere() {
        assumeThat(MissionManifests.areThere()).as("shared/mission beside the repository").isTrue();
        assertThat(MissionManifests.canaries())
                .extracting(Document::number)
                .containsAll(TOLD.keySet())
                .hasSizeGreaterThan(30);
    }

    @TestFactory
    Stream<DynamicTest> eachCanaryIsAcceptedAndItsAuthorToldWhatWorksOtherwise() {
        return MissionManifests.canaries().stream()
                .map(canary -> DynamicTest.dynamicTest(canary.toString(), () -> accepted(canary)));
    }

    private static void accepted(Document canary) {
        assertThat(ApiServerSchema.of("Canary").mistakes(canary.content())).isEmpty();
        var admission =
                Admissions.admit(
                        CanaryReader.read(canary.content()).resource(), Installation.named("eu-1"));
        switch (admission) {
            case Admission.Refused(var problems) -> assertThat(problems).isEmpty();
            case Admission.Admitted(_, var unused, var hints) -> {
                List<String> told = new ArrayList<>(unused);
                told.addAll(hints);
                var expected = TOLD.getOrDefault(canary.number(), List.of());
                assertThat(told).hasSameSizeAs(expected);
                for (int i = 0; i < expected.size(); i++) {
                    assertThat(told.get(i)).startsWith(expected.get(i));
                }
            }
        }
    }

    /** The canary on spot nodes, whose primary stays on those on demand. */
    @Test
    void whatTheCanarysPodsHaveAloneIsNoReleaseOfTheirTarget() {
        assumeThat(MissionManifests.areThere()).as("shared/mission beside the repository").isTrue();
        var target = numbered(MissionManifests.all(), "35");
        var canary = CanaryReader.read(numbered(MissionManifests.canaries(), "35b")).resource();

        var running = CanaryScheduling.scheduled(target, canary.getSpec().analysis().canaryPods());

        var pods = running.at("/spec/template/spec");
        assertThat(pods.at("/nodeSelector/node-type").asText()).isEqualTo("spot");
        assertThat(pods.path("tolerations"))
                .extracting(it -> it.path("key").asText())
                .containsExactly("node-type", "spot-instance");
        assertThat(CanaryScheduling.usersTemplate(running)).isEqualTo(target.at("/spec/template"));
    }

    private static ObjectNode numbered(List<Document> documents, String number) {
        return documents.stream()
                .filter(it -> it.number().equals(number))
                .map(Document::content)
                .findFirst()
                .orElseThrow();
    }

    @TestFactory
    Stream<DynamicTest> eachMetricTemplateCanBeAsked() {
        return MissionManifests.of("MetricTemplate").stream()
                .map(
                        template ->
                                DynamicTest.dynamicTest(
                                        template.toString(), () -> rendered(template)));
    }

    private static void rendered(Document template) throws RenderException {
        assertThat(ApiServerSchema.of("MetricTemplate").mistakes(template.content())).isEmpty();
        assertThat(CanaryReader.readMetricTemplate(template.content()))
                .isInstanceOf(Reading.Whole.class);
        MetricTemplate read = CanaryReader.readMetricTemplate(template.content()).resource();
        assertThat(Admissions.problems(read.getSpec())).isEmpty();
        String query =
                TextTemplate.render(
                        read.getSpec().query(),
                        Map.of("namespace", "shop", "target", "cart", "interval", "1m"));
        assertThat(query).contains("cart").doesNotContain("{{", "}}");
        if (read.getSpec().query().contains("namespace")) {
            assertThat(query).contains("namespace=\"shop\"", "deployment=\"cart\"", "}[1m]");
        }
    }

    @TestFactory
    Stream<DynamicTest> eachAlertProviderIsAccepted() {
        return MissionManifests.of("AlertProvider").stream()
                .map(
                        provider ->
                                DynamicTest.dynamicTest(
                                        provider.toString(), () -> readable(provider)));
    }

    private static void readable(Document provider) {
        assertThat(ApiServerSchema.of("AlertProvider").mistakes(provider.content())).isEmpty();
        assertThat(CanaryReader.readAlertProvider(provider.content()))
                .isInstanceOf(Reading.Whole.class);
        AlertProvider read = CanaryReader.readAlertProvider(provider.content()).resource();
        String template = read.getSpec().messageTemplate();
        if (template != null) {
            assertThat(TextTemplate.unreadable(template)).isEmpty();
        }
    }
}
