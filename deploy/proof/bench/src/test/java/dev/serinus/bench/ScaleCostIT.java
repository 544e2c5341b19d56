package dev.serinus.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.serinus.bench.figures.Figure;
import dev.serinus.bench.figures.Report;
import dev.serinus.testbed.binaries.Binaries;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.EnumSet;

/** The section that compares with Flagger leaves no figure out. What they are is not tested. */
class ScaleCostIT {

    @TempDir Path data;

    @Test
    void everyFigureHasFlaggersBesideIt() throws Exception {
        assumeThat(Binaries.find()).as("the control plane's programs").isPresent();

        Report report = Tiny.bench(data).measure(EnumSet.of(Section.SCALE));

        assertThat(report.figures())
                .filteredOn(figure -> figure.beside() != null)
                .extracting(Figure::name)
                .contains(
                        "until all are initialised",
                        "API requests",
                        "all rollouts",
                        "CPU of Serinus",
                        "CPU of API server and etcd",
                        "at rest, API requests",
                        "at rest, CPU",
                        "memory");
        assertThat(report.table()).contains("(Flagger 130; goal 26)");
    }
}
