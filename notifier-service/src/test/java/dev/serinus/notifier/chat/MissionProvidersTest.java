package dev.serinus.notifier.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.serinus.schemas.canary.AlertProviderSpec;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.MissionManifests;
import dev.serinus.schemas.canary.MissionManifests.Document;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * The AlertProviders of the guides that platform teams come with, as they stand. Without the folder
 * this is skipped.
 */
class MissionProvidersTest {

    private static AlertProviderSpec spec(Document provider) {
        return CanaryReader.readAlertProvider(provider.content()).resource().getSpec();
    }

    @Test
    void areThere() {
        assumeThat(MissionManifests.areThere()).as("shared/mission beside the repository").isTrue();
        assertThat(MissionManifests.of("AlertProvider")).hasSizeGreaterThanOrEqualTo(3);
    }

    @TestFactory
    Stream<DynamicTest> eachIsServedWithTheAddressThatItHasOrItsSecretBrings() {
        return MissionManifests.of("AlertProvider").stream()
                .map(
                        provider ->
                                DynamicTest.dynamicTest(
                                        provider.toString(), () -> served(spec(provider))));
    }

    private static void served(AlertProviderSpec spec) throws Exception {
        assertThat(Notifiers.ALL.types()).contains(spec.type());
        assertThat(Notifiers.ALL.problems(spec)).isEmpty();
        Map<String, String> secret =
                spec.secretRef() == null
                        ? Map.of()
                        : Map.of("address", "https://hooks.slack.example/services/T0/B0/x");
        assertThat(Notifiers.ALL.problems(spec, secret)).isEmpty();
        String template = spec.messageTemplate();
        if (template != null) {
            assertThat(
                            MessageTemplate.render(
                                    template,
                                    ShownMessages.failed(),
                                    Map.of(),
                                    UnaryOperator.identity()))
                    .startsWith(":warning:")
                    .contains("podinfo.shop", "request-success-rate: 95.00 (threshold: 99.00)");
        }
    }
}
