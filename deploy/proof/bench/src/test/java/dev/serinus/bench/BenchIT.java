package dev.serinus.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.bench.figures.Figure;
import dev.serinus.bench.figures.Report;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;

/** The bench itself works and leaves no figure out. What the figures are is not tested. */
@Tag("nightly")
class BenchIT {

    @TempDir Path data;

    @Test
    void everySectionGivesAllItsFigures() throws Exception {
        Report report =
                Tiny.bench(data).measure(EnumSet.complementOf(EnumSet.copyOf(Section.ON_REQUEST)));

        assertThat(report.figures())
                .extracting(Figure::name)
                .contains(
                        "broker, ready, p50",
                        "watcher, ready, p50",
                        "analysis, ready, p50",
                        "router, ready, p50",
                        "webhook, ready, p50",
                        "notifier, ready, p50",
                        "all-in-one, ready, p50",
                        "all-in-one, memory at rest",
                        "last answer to router command, p50",
                        "last answer to router command, p99",
                        "last answer to router command, max",
                        "CPU per rollout, analysis",
                        "CPU per rollout, sum",
                        "rollouts",
                        "router commands");
        assertThat(report.figures())
                .filteredOn(figure -> !figure.name().startsWith("CPU"))
                .allSatisfy(figure -> assertThat(figure.value()).as(figure.toString()).isPositive())
                .allSatisfy(figure -> assertThat(figure.samples()).isPositive());
        Path json = data.resolve("figures.json");
        report.write(json);
        assertThat(Files.readString(json)).contains("last answer to router command, p50");
    }
}
