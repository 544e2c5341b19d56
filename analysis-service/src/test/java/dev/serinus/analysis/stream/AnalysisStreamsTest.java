package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.analysis.AnalysisConfig;
import dev.serinus.analysis.fleet.HeardClusters;
import dev.serinus.analysis.telemetry.DecisionMetrics;
import dev.serinus.analysis.telemetry.Traces;
import dev.serinus.schemas.runtime.KafkaSettings;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.kafka.clients.CommonClientConfigs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/** How it starts and ends where Kafka or its own directory cannot be used. */
class AnalysisStreamsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir Path directory;

    @Test
    void aDirectoryThatCannotBeUsedIsToldAndTriedAgain() throws Exception {
        // Given
        Path note = Files.createDirectory(directory.resolve("topology"));
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var streams = streams(silent.getLocalPort())) {

            // When
            streams.start();

            // Then
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(streams.missing())
                                            .contains("the state directory " + directory));
            assertThat(streams.running()).isFalse();
            assertThat(streams.alive()).as("a new process could not either").isTrue();

            // When
            Files.delete(note);

            // Then
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(streams.missing())
                                            .contains("is not prepared")
                                            .doesNotContain("the state directory"));
        }
        // Then
        Instance.in(directory).close();
    }

    @Test
    void whatWasNotStartedCanBeClosed() throws Exception {
        // When
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            streams(silent.getLocalPort()).close();
        }

        // Then
        Instance.in(directory).close();
    }

    private AnalysisStreams streams(int port) {
        InstantSource time = InstantSource.system();
        return new AnalysisStreams(
                new KafkaSettings(
                        Map.of(
                                CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG,
                                "127.0.0.1:" + port,
                                CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG,
                                "500",
                                CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                "1000")),
                AnalysisConfig.in(directory),
                new DecisionMetrics(new SimpleMeterRegistry(), false, time, Traces.OFF),
                time,
                new HeardClusters());
    }
}
