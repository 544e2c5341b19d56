package dev.serinus.analysis.stream;

import dev.serinus.analysis.fleet.HeardClusters;
import dev.serinus.analysis.fleet.HeardClusters.Signs;
import dev.serinus.analysis.permit.SilentCluster;
import dev.serinus.analysis.rules.FleetConfig;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Which clusters are silent by their signs of life.
 *
 * @param rules say after how long
 */
record HeardSilence(HeardClusters clusters, InstantSource time, Supplier<FleetConfig> rules)
        implements SilenceSource {

    @Override
    public Optional<List<SilentCluster>> silent() {
        return clusters.silent(time.instant(), rules.get().silentAfter());
    }

    @Override
    public Signs of(String cluster) {
        return clusters.signs(cluster, time.instant(), rules.get().silentAfter());
    }
}
