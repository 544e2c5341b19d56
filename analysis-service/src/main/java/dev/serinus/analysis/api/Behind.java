package dev.serinus.analysis.api;

import java.util.OptionalLong;

/**
 * How far an instance lies behind what is in Kafka, in records.
 *
 * @param inputs that were not decided upon yet, of its partitions; empty where that is not known
 * @param view states and events that are not shown yet; empty where that is not known
 */
public record Behind(OptionalLong inputs, OptionalLong view) {

    static final Behind UNKNOWN = new Behind(OptionalLong.empty(), OptionalLong.empty());
}
