package dev.serinus.schemas.runtime;

/**
 * What a loop has done and has in hand: counters since its start, gauges of this moment.
 *
 * @param handled records handled, as a counter
 * @param setAside records that became dead letters, as a counter
 * @param inFlight records taken from the topic and not handled yet
 * @param partitions partitions this process is responsible for
 */
public record LoopMetrics(long handled, long setAside, int inFlight, int partitions) {}
