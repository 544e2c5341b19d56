package dev.serinus.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.serinus.bench.figures.Figure;
import dev.serinus.bench.figures.Report;
import dev.serinus.bench.process.AotCaches;
import dev.serinus.bench.process.Site;
import dev.serinus.testbed.binaries.Binaries;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;

/** The bench itself works and leaves no figure out. What the figures are is not tested. */
class BenchIT {

    private static final Path ROOT = Path.of(System.getProperty("serinus.root"));
    private static final List<String> FLAGS =
            List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m");
    private static final BenchOptions TINY =
            new BenchOptions(
                    3,
                    1,
                    Duration.ofMillis(500),
                    Duration.ofSeconds(1),
                    1,
                    Duration.ofSeconds(1),
                    Duration.ofMillis(200),
                    FLAGS,
                    Path.of("none"));

    @TempDir Path data;

    private Bench bench() {
        return new Bench(ROOT, data, TINY, _ -> {});
    }

    @Test
    void everySectionGivesAllItsFigures() throws Exception {
        Report report = bench().measure(EnumSet.complementOf(EnumSet.of(Section.TESTBED)));

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

    @Test
    void aProcessStartsWithTheCacheItLeftAndOnlyWithIt() throws Exception {
        Path caches = Files.createDirectory(data.resolve("caches"));
        try (var site = new Site(ROOT, data, FLAGS, AotCaches.unused());
                var recorded = site.with(AotCaches.recorded(caches));
                var required = site.with(AotCaches.required(caches));
                var broker = site.broker()) {
            broker.provision(Site.CLUSTER);
            assertThatThrownBy(() -> required.analysis(broker)).hasMessageContaining("analysis");

            try (var trained = recorded.analysis(broker)) {
                trained.end(Duration.ofMinutes(2));
            }

            assertThat(AotCaches.exist(caches, List.of("analysis"))).isTrue();
            try (var cached = required.analysis(broker)) {
                assertThat(cached.startUp()).isPositive();
            }
        }
    }

    @Test
    void aRealControlPlaneGivesFiguresOfRoutesRequestsAndCpu() throws Exception {
        assumeThat(Binaries.find()).as("the control plane's programs").isPresent();

        Report report = bench().measure(EnumSet.of(Section.TESTBED));

        assertThat(report.figures())
                .extracting(Figure::name)
                .contains(
                        "last answer to written route, p50",
                        "last answer to written route, p99",
                        "  until the API server had it, max",
                        "  in the API server, p50",
                        "CPU per rollout, analysis",
                        "CPU per rollout, broker",
                        "CPU per rollout, kube-apiserver",
                        "  of these router, update virtualservices",
                        "requests, sum");
        assertThat(report.figures())
                .filteredOn(figure -> figure.name().startsWith("last answer"))
                .hasSize(8)
                .allSatisfy(figure -> assertThat(figure.samples()).isEqualTo(6))
                .allSatisfy(figure -> assertThat(figure.value()).isPositive());
    }
}
