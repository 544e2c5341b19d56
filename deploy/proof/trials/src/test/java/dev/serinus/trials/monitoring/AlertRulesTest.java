package dev.serinus.trials.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** The alert rules by Prometheus' own checker, and that each is explained and tried. */
class AlertRulesTest {

    static final Path MONITORING =
            Path.of(System.getProperty("serinus.root", "../../.."), "deploy", "monitoring");

    private static final Path RULES = MONITORING.resolve("rules/serinus.yaml");
    private static final Path TESTS = MONITORING.resolve("rules/serinus-test.yaml");

    @ParameterizedTest
    @ValueSource(strings = {"check rules serinus.yaml", "test rules serinus-test.yaml"})
    void promtoolFindsNothing(String arguments) throws Exception {
        var promtool = promtool();
        assumeThat(promtool).as("promtool on the PATH (Debian: prometheus)").isNotEmpty();
        var command = new ArrayList<>(List.of(promtool.getFirst().toString()));
        command.addAll(List.of(arguments.split(" ")));
        var process =
                new ProcessBuilder(command)
                        .directory(MONITORING.resolve("rules").toFile())
                        .redirectErrorStream(true)
                        .start();
        var said = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
    }

    @Test
    void everyAlertIsInTheRunbookAndIsTriedOnceWhenItComes() throws IOException {
        var alerts = all("- alert: (\\w+)", Files.readString(RULES));
        assertThat(alerts).isNotEmpty().doesNotHaveDuplicates();
        assertThat(all("(?m)^## (\\w+)$", Files.readString(MONITORING.resolve("RUNBOOK.md"))))
                .containsExactlyElementsOf(alerts);
        assertThat(all("alertname: (\\w+)\\n    exp_alerts:", Files.readString(TESTS)))
                .containsExactlyInAnyOrderElementsOf(alerts);
    }

    private static List<String> all(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }

    private static List<Path> promtool() {
        return Arrays.stream(System.getenv("PATH").split(File.pathSeparator))
                .map(folder -> Path.of(folder, "promtool"))
                .filter(Files::isExecutable)
                .toList();
    }
}
