package dev.serinus.analysis.access;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

class ReadAgainTest {

    @TempDir Path files;

    private Instant now = Instant.parse("2026-11-22T10:00:00Z");

    @Test
    void whatWasTakenOutIsOverAlsoWhereTheClockWasSetBack() throws Exception {
        Path file = files.resolve("tokens");
        Files.writeString(file, "before");
        var read = new ReadAgain<>(file, ReadAgainTest::text, () -> now);
        Files.writeString(file, "after");

        assertThat(read.get()).isEqualTo("before");
        now = now.minus(Duration.ofHours(2));
        assertThat(read.get()).isEqualTo("after");

        Files.writeString(file, "later");
        assertThat(read.get()).isEqualTo("after");
        now = now.plus(ReadAgain.PAUSE);
        assertThat(read.get()).isEqualTo("later");
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
