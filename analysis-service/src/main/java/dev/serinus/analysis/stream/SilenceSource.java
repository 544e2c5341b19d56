package dev.serinus.analysis.stream;

import dev.serinus.analysis.permit.SilentCluster;

import java.util.List;
import java.util.Optional;

/** Which clusters are silent by now. */
@FunctionalInterface
interface SilenceSource {

    /** Where it cannot be known. */
    SilenceSource UNKNOWN = Optional::empty;

    /** All that are; empty while that is not known. */
    Optional<List<SilentCluster>> silent();
}
