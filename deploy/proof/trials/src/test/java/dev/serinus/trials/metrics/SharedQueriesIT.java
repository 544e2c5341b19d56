package dev.serinus.trials.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.serinus.schemas.events.Measurement;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How much a real Prometheus is asked, by its own count, when the checks of many canaries with one
 * MetricTemplate come one after the other in an interval.
 */
@Tag("long")
class SharedQueriesIT {

    private static final int CANARIES = 500;
    private static final Duration INTERVAL = Duration.ofSeconds(10);

    @Test
    void manyCanariesWithOneTemplateAskOnceASecond(@TempDir Path data) throws Exception {
        var program = RealPrometheus.program();
        assumeThat(program)
                .as("a Prometheus on the PATH (Debian: apt-get install prometheus)")
                .isPresent();
        try (var application = new SampleApplication();
                var prometheus = RealPrometheus.start(program.get(), data, application.address());
                var watched = new Watched(prometheus.url(), data)) {
            prometheus.awaitSamples(2);
            // Of no scrape, which may come late on a busy machine.
            watched.template("same", prometheus.url(), "vector(1)");
            // What names the canary is nobody else's question: so it would be without sharing.
            watched.template("own", prometheus.url(), "vector(1) or up{job=\"{{ name }}\"}");

            long own = asked(prometheus, watched, "own");
            long same = asked(prometheus, watched, "same");

            System.out.printf(
                    "%d canaries, one template, one Prometheus, an interval of %d s: %d requests"
                            + " where each asks its own question, %d where all ask the same%n",
                    CANARIES, INTERVAL.toSeconds(), own, same);
            assertThat(own).isEqualTo(CANARIES);
            // One a second, and some more where the machine is too busy to keep the interval.
            assertThat(same).isBetween(2L, 40L);
        }
    }

    private static long asked(RealPrometheus prometheus, Watched watched, String template)
            throws Exception {
        var canaries = watched.canaries(template, CANARIES);
        long before = prometheus.queriesAsked();
        var measured = watched.measureAll(canaries, INTERVAL);
        assertThat(measured).hasSize(CANARIES).extracting(Measurement::getValue).containsOnly(1.0);
        return prometheus.queriesAsked() - before;
    }
}
