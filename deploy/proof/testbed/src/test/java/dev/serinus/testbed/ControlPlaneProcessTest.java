package dev.serinus.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

class ControlPlaneProcessTest {

    @TempDir Path folder;
    private ControlPlaneDirectory place;
    private ControlPlaneProcess part;

    @BeforeEach
    void prepare() {
        place = new ControlPlaneDirectory(folder, 24_000);
        place.prepare();
        part = part();
    }

    private ControlPlaneProcess part() {
        return new ControlPlaneProcess(
                "sleep", place, List.of("/bin/sleep", "600"), URI.create("http://127.0.0.1:1/"));
    }

    @AfterEach
    void end() {
        part.stop(Duration.ZERO);
    }

    @Test
    void anotherJvmFindsItAgainAndDoesNotStartItTwice() {
        // Given
        part.start();
        var first = part.running().orElseThrow();
        // When
        var again = part();
        again.start();
        // Then
        assertThat(again.running()).contains(first);
    }

    @Test
    void whoeverCameByItsProcessIdLaterIsNotEnded() throws Exception {
        // Given
        var stranger = new ProcessBuilder("/bin/sleep", "600").start();
        try {
            Files.writeString(place.pidFile("sleep"), stranger.pid() + " 12345\n");
            // When
            part.stop(Duration.ZERO);
            // Then
            assertThat(stranger.isAlive()).isTrue();
            assertThat(place.pidFile("sleep")).doesNotExist();
        } finally {
            stranger.destroyForcibly();
        }
    }

    @Test
    void stoppingEndsIt() {
        // Given
        part.start();
        var process = part.running().orElseThrow();
        // When
        part.stop(Duration.ofSeconds(5));
        // Then
        assertThat(process.isAlive()).isFalse();
        assertThat(part.running()).isEmpty();
    }
}
