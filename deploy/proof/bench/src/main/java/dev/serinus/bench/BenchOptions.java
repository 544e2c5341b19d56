package dev.serinus.bench;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How much is measured, and with what.
 *
 * @param canaries that progress at once while latency is measured
 * @param rounds of rollouts of all of them, and of all in the cluster
 * @param interval of their analysis
 * @param testbedInterval the same on the test bed, where a step takes longer
 * @param scaleInterval the same where the cost at scale is measured
 * @param rest how long nothing happens there while it is measured
 * @param starts of each process
 * @param saturation how long as much as possible is asked for: once to warm up, once measured
 * @param calm how long a process is left alone before its memory is read
 * @param flags of each JVM that is measured
 * @param caches where the ahead-of-time caches of the processes are, if they are anywhere
 */
record BenchOptions(
        int canaries,
        int rounds,
        Duration interval,
        Duration testbedInterval,
        Duration scaleInterval,
        Duration rest,
        int starts,
        Duration saturation,
        Duration calm,
        List<String> flags,
        Path caches) {

    /** Rollouts on a cluster cost much more than played ones: fewer are enough. */
    int canariesOfCluster() {
        return Math.min(canaries, 25);
    }
}
