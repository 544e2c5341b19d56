package dev.serinus.conformance.real;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Map;

class AuditLogTest {

    private static final double NOON = Instant.parse("2026-11-25T12:00:00Z").getEpochSecond();

    @TempDir private Path folder;

    private static String line(String time, String verb, String resource, String below) {
        return """
        {"requestReceivedTimestamp":"%s","verb":"%s","user":{"username":"serinus"},\
        "objectRef":{"namespace":"one","resource":"%s","name":"podinfo"%s}}
        """
                .formatted(
                        time,
                        verb,
                        resource,
                        below.isEmpty() ? "" : ",\"subresource\":\"" + below + "\"");
    }

    private Path written(String text) throws IOException {
        return Files.writeString(
                folder.resolve("audit.log"),
                text,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    @Test
    void countsByVerbAndResourceWithinTheScenario() throws IOException {
        // Given
        Path file =
                written(
                        line("2026-11-25T11:59:50Z", "get", "deployments", "")
                                + line("2026-11-25T11:59:57Z", "get", "deployments", "")
                                + line("2026-11-25T12:00:01Z", "patch", "canaries", "status")
                                + line("2026-11-25T12:00:02Z", "update", "deployments", "scale")
                                + line("2026-11-25T12:00:03Z", "watch", "deployments", "")
                                + line("2026-11-25T12:01:01Z", "get", "deployments", ""));
        // When
        var counts = new AuditLog(file).counts("one", NOON, NOON + 60);
        // Then
        assertThat(counts)
                .isEqualTo(
                        Map.of(
                                "get deployments", 1,
                                "patch canaries/status", 1,
                                "update deployments", 1));
    }

    @Test
    void readsOnAndLeavesALineThatIsStillBeingWritten() throws IOException {
        // Given
        String second = line("2026-11-25T12:00:02Z", "get", "services", "");
        Path file =
                written(
                        line("2026-11-25T12:00:01Z", "get", "deployments", "")
                                + second.substring(0, 30));
        var log = new AuditLog(file);
        assertThat(log.in("one")).hasSize(1);
        // When
        written(second.substring(30));
        // Then
        assertThat(log.in("one")).extracting(AuditLog.Asked::resource).contains("services");
    }
}
