package dev.serinus.analysis.telemetry;

import dev.serinus.analysis.fleet.HeardClusters;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;

import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * {@code serinus_cluster_silent}: 1 for each cluster from which nothing comes any more, 0 for the
 * others that give signs of life. Each instance knows all of them. {@code
 * serinus_cluster_silence_unknown}: 1 while it does not, since it cannot read the signs.
 */
public final class ClusterGauges {

    private final MultiGauge silent;

    /**
     * @param known whether it is known which clusters are silent; asked at each look at the gauge
     */
    public ClusterGauges(MeterRegistry registry, BooleanSupplier known) {
        Gauge.builder("serinus.cluster.silence.unknown", () -> known.getAsBoolean() ? 0 : 1)
                .description("1 while it is not known which clusters are silent.")
                .register(registry);
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
