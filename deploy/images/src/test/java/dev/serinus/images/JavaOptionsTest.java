package dev.serinus.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The options of an image's JVM. */
class JavaOptionsTest {

    @Test
    void everyJarIsNamedInOrderAndCommentsStayOut() {
        String options =
                JavaOptions.of(
                        List.of(
                                "# why",
                                "-Xmx192m",
                                "-cp /opt/serinus/app/*:/opt/serinus/lib/*:/opt/serinus/more/*"),
                        List.of("/opt/serinus/app/a.jar", "/opt/serinus/lib/b.jar"),
                        List.of("dev.serinus.A"));

        assertThat(options)
                .isEqualTo(
                        """
                        -Xmx192m
                        -cp /opt/serinus/app/a.jar:/opt/serinus/lib/b.jar:/opt/serinus/more/*
                        dev.serinus.A
                        """);
    }

    /** As the chart sets it: whoever raises the limit of the heap has it raised. */
    @ParameterizedTest
    @ValueSource(strings = {"all-in-one.options", "service.options"})
    void theVariableOfTheChartCountsMoreThanTheFile(String name, @TempDir Path directory)
            throws Exception {
        List<String> lines =
                Files.readAllLines(Path.of("").toAbsolutePath().resolve(name)).stream()
                        .filter(line -> line.startsWith("-X"))
                        .toList();
        Path file = Files.write(directory.resolve("java.options"), lines);
        var java =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "@" + file,
                        "-XX:+PrintFlagsFinal",
                        "-version");
        java.environment().put("_JAVA_OPTIONS", "-Xmx128m");
        java.redirectError(directory.resolve("errors").toFile());

        Process started = java.start();
        String flags = new String(started.getInputStream().readAllBytes(), UTF_8);

        assertThat(started.waitFor()).isZero();
        assertThat(flags.lines().filter(line -> line.contains(" MaxHeapSize ")))
                .singleElement()
                .satisfies(
                        line ->
                                assertThat(line.split("\\s+"))
                                        .contains(Long.toString(128L * 1024 * 1024)));
    }

    @Test
    void optionsThatTakeTheirJarsFromElsewhereAreRefused() {
        assertThatThrownBy(() -> JavaOptions.of(List.of("-cp /opt/*"), List.of(), List.of()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining(
                        "-cp /opt/serinus/app/*:/opt/serinus/lib/*:/opt/serinus/more/*");
    }
}
