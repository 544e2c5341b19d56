package dev.serinus.analysis.stream;

import dev.serinus.analysis.fleet.HeardClusters.Signs;
import dev.serinus.analysis.permit.SilentCluster;

import java.util.List;
import java.util.Optional;

/** Which clusters are silent by now. */
@FunctionalInterface
interface SilenceSource {

    /** All that are; empty while that is not known. */
    Optional<List<SilentCluster>> silent();

    /** What is known of the signs of one cluster; none are to be expected where none are read. */
    default Signs of(String cluster) {
        return Signs.NONE;
    }
}
