package dev.serinus.bench.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;

class AuditLogTest {

    private static final String UPDATE =
            """
            {"kind":"Event","stage":"ResponseComplete","verb":"update",\
            "user":{"username":"system:serviceaccount:serinus:serinus-router"},\
            "objectRef":{"resource":"virtualservices","namespace":"bench","name":"app-001"},\
            "responseStatus":{"metadata":{},"code":200},\
            "requestReceivedTimestamp":"2026-01-01T00:00:00.100002Z",\
            "stageTimestamp":"2026-01-01T00:00:00.104005Z"}\
            """;

    @TempDir Path folder;

    @Test
    void aLineTellsWhoAskedForWhatAndWhen() {
        assertThat(AuditLog.parse(UPDATE))
                .contains(
                        new Request(
                                "router",
                                "update",
                                "virtualservices",
                                "app-001",
                                200,
                                Instant.parse("2026-01-01T00:00:00.100002Z"),
                                Instant.parse("2026-01-01T00:00:00.104005Z")));
    }

    @Test
    void aSubresourceIsPartOfTheResource() {
        String status = UPDATE.replace("\"name\"", "\"subresource\":\"status\",\"name\"");
        assertThat(AuditLog.parse(status).orElseThrow().resource())
                .isEqualTo("virtualservices/status");
    }

    @ParameterizedTest
    @ValueSource(strings = {"system:apiserver", "admin"})
    void othersAreLeftOut(String user) {
        String other = UPDATE.replace("system:serviceaccount:serinus:serinus-router", user);
        assertThat(AuditLog.parse(other)).isEmpty();
    }

    @Test
    void whatCameEarlierAndALineThatIsNotWholeAreLeftOut() throws Exception {
        String later = UPDATE.replace("00:00.10", "00:07.10");
        Path file =
                Files.writeString(
                        folder.resolve("audit.log"),
                        UPDATE + "\n" + later + "\n" + UPDATE.substring(0, 40));

        assertThat(AuditLog.read(file, Instant.parse("2026-01-01T00:00:05Z")))
                .extracting(Request::received)
                .containsExactly(Instant.parse("2026-01-01T00:00:07.100002Z"));
    }
}
