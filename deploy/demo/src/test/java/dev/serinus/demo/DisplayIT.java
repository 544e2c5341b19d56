package dev.serinus.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** The demo as a process: its display tells the story, and what is logged goes to its file. */
class DisplayIT {

    /** As the services' own settings write a line, at a terminal and in a container. */
    private static final Pattern LOGGED =
            Pattern.compile("^(\\{\"ts\":|\\d\\d:\\d\\d:\\d\\d\\.\\d{3} (ERROR|WARN|INFO|DEBUG) )");

    @TempDir Path directory;

    @Test
    void noLineOfTheLogIsShownBetweenThoseOfTheStory() throws Exception {
        Path data = directory.resolve("data");
        Path display = directory.resolve("display");
        Process demo =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:+UseSerialGC",
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Main.class.getName(),
                                "--plain",
                                "--data",
                                data.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(display.toFile())
                        .start();
        try {
            await("a first line of the log")
                    .atMost(Duration.ofMinutes(5))
                    .until(
                            () ->
                                    !demo.isAlive()
                                            || !lines(data.resolve("serinus.log")).isEmpty()
                                            || lines(display).stream().anyMatch(DisplayIT::isLog));
            assertThat(lines(display)).as("on the display").noneMatch(DisplayIT::isLog);
            assertThat(lines(data.resolve("serinus.log"))).isNotEmpty();
        } finally {
            demo.destroyForcibly().waitFor();
        }
    }

    private static boolean isLog(String line) {
        return LOGGED.matcher(line).find();
    }

    private static List<String> lines(Path file) throws IOException {
        return Files.exists(file) ? Files.readAllLines(file) : List.of();
    }
}
