package dev.serinus.loadtester.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

class ProgramsTest {

    @TempDir Path directory;

    @Test
    void thoseOnThePathOfCommandsAreFoundAndTheOthersAreMissing() throws Exception {
        Path hey = Files.createFile(directory.resolve("hey"));
        assertThat(hey.toFile().setExecutable(true)).isTrue();
        Files.createFile(directory.resolve("wrk"));

        var programs = Programs.of(Map.of("PATH", directory.toString()));

        assertThat(programs.found()).containsExactly("hey");
        assertThat(programs.missing()).contains("wrk", "k6").doesNotContain("hey");
    }
}
