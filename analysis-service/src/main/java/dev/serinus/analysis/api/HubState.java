package dev.serinus.analysis.api;

import java.util.OptionalLong;

/**
 * How the analysis of an instance is, and how far it lies behind what is in Kafka, in records.
 *
 * @param decides decisions are taken and the fleet is known
 * @param waitsFor what is missing before that; else empty
 * @param inputsBehind that were not decided upon yet, of its partitions; empty where that is not
 *     known
 * @param viewBehind states and events that are not shown yet; empty where that is not known
 */
public record HubState(
        boolean decides, String waitsFor, OptionalLong inputsBehind, OptionalLong viewBehind) {

    static final HubState UNKNOWN =
            new HubState(
                    false,
                    "nobody decides in this process",
                    OptionalLong.empty(),
                    OptionalLong.empty());
}
