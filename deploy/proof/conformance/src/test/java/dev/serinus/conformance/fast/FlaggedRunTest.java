package dev.serinus.conformance.fast;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.conformance.recording.Recording;
import dev.serinus.conformance.scenario.Library;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

/** Scenarios whose controller has other flags than the defaults are played with these. */
class FlaggedRunTest {

    private static List<String> events(String name) throws InterruptedException {
        try (var stage = new FastStage(Library.in(Path.of("src/test/resources/flags")))) {
            var played = Recording.of(stage.play(name).tree());
            assertThat(played.error()).isNull();
            return played.timeline().stream()
                    .map(entry -> entry.at("/is/message"))
                    .filter(JsonNode::isTextual)
                    .map(JsonNode::asText)
                    .toList();
        }
    }

    @Test
    void aCanaryInALinkerdInstallationIsMeasuredByLinkerdAndSaysSo() throws InterruptedException {
        assertThat(events("linkerd"))
                .anyMatch(
                        text ->
                                text.startsWith(
                                        "Halt advancement no values found for linkerd metric"
                                                + " request-success-rate probably podinfo.linkerd"
                                                + " is not receiving traffic"));
    }

    @Test
    void aTemplateOfAnotherNamespaceIsRefusedWhereItMayNotBeRead() throws InterruptedException {
        assertThat(events("own-namespace"))
                .anyMatch(text -> text.contains("cross-namespace references are blocked"));
    }
}
