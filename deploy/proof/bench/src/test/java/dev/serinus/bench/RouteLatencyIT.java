package dev.serinus.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.serinus.bench.figures.Figure;
import dev.serinus.bench.figures.Report;
import dev.serinus.testbed.binaries.Binaries;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.EnumSet;

/** The section on a real control plane leaves no figure out. What they are is not tested. */
@Tag("nightly")
class RouteLatencyIT {

    @TempDir Path data;

    @Test
    void aRealControlPlaneGivesFiguresOfRoutesRequestsAndCpu() throws Exception {
        assumeThat(Binaries.find()).as("the control plane's programs").isPresent();

        Report report = Tiny.bench(data).measure(EnumSet.of(Section.TESTBED));

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
