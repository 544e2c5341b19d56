package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.analysis.AnalysisConfig;
import dev.serinus.analysis.AnalysisService;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.TopicKind;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.clients.CommonClientConfigs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/** What is said of the hub while Kafka does not answer. */
class KafkaAwayIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void nobodySaysThatDecisionsAreTakenAndNothingWaits(@TempDir Path data) throws Exception {
        // Given
        try (var broker = EmbeddedBroker.start(data.resolve("broker"), 0)) {
            try (var edges = new Edges(broker.bootstrapServers())) {
                edges.provision(List.of(TopicKind.values()), "west");
            }
            try (var service = service(broker, data)) {
                service.start();
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> {
                                    var hub = service.onRequest().hub().get();
                                    assertThat(hub.waitsFor()).isEmpty();
                                    assertThat(hub.decides()).isTrue();
                                    assertThat(hub.inputsBehind()).hasValue(0);
                                    assertThat(hub.viewBehind()).hasValue(0);
                                });

                // When
                stop(broker);

                // Then
                await().atMost(PATIENCE)
                        .untilAsserted(
                                () -> {
                                    var hub = service.onRequest().hub().get();
                                    assertThat(hub.decides()).isFalse();
                                    assertThat(hub.waitsFor()).isNotEmpty();
                                    assertThat(hub.inputsBehind()).isEmpty();
                                    assertThat(hub.viewBehind()).isEmpty();
                                });
                assertThat(service.ready()).as("what was read is served").isTrue();
            }
        }
    }

    private static void stop(EmbeddedBroker broker) {
        broker.close();
    }

    private static AnalysisService service(EmbeddedBroker broker, Path data) {
        return new AnalysisService(
                new KafkaSettings(
                        Map.of(
                                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                                broker.bootstrapServers(),
                                CommonClientConfigs.METRICS_SAMPLE_WINDOW_MS_CONFIG,
                                "1000")),
                AnalysisConfig.in(data.resolve("analysis")),
                InstantSource.system(),
                new SimpleMeterRegistry());
    }
}
