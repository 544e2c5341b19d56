package dev.serinus.analysis.telemetry;

import dev.serinus.analysis.fleet.HeardClusters;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;

import java.util.List;

/**
 * {@code serinus_cluster_silent}: 1 for each cluster from which nothing comes any more, 0 for the
 * others that give signs of life. Each instance knows all of them.
 */
public final class ClusterGauges {

    private final MultiGauge silent;

    public ClusterGauges(MeterRegistry registry) {
        silent =
                MultiGauge.builder("serinus.cluster.silent")
                        .description("1 for a cluster from which nothing comes any more.")
                        .register(registry);
    }

    /** Shows these, and no others. */
    public void show(List<HeardClusters.State> clusters) {
        silent.register(
                clusters.stream()
                        .<Row<?>>map(
                                one ->
                                        Row.of(
                                                Tags.of("cluster", one.cluster()),
                                                one.silent() ? 1 : 0))
                        .toList(),
                true);
    }
}
