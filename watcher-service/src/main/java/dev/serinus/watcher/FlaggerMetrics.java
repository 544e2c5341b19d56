package dev.serinus.watcher;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Seen;
import dev.serinus.watcher.cluster.Cluster;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Flagger's metrics about the installation itself, under Flagger's names. */
final class FlaggerMetrics {

    /** The release of Flagger whose behaviour this is. */
    private static final String VERSION = "1.44.0";

    private FlaggerMetrics() {}

    static void register(Installation installation, Cluster cluster, MeterRegistry meters) {
        Gauge.builder("flagger_info", () -> 1)
                .description("Flagger version and mesh provider information")
                .tag("version", VERSION)
                .tag("mesh_provider", installation.meshProvider())
                .register(meters);
        Map<String, AtomicInteger> totals = new ConcurrentHashMap<>();
        cluster.canaries()
                .onChange(
                        (before, after) -> {
                            if (before == null && after != null) {
                                total(totals, after, meters).incrementAndGet();
                            } else if (before != null && after == null) {
                                total(totals, before, meters).decrementAndGet();
                            }
                        });
    }

    private static AtomicInteger total(
            Map<String, AtomicInteger> totals, Seen<?> canary, MeterRegistry meters) {
        return totals.computeIfAbsent(
                canary.namespace(),
                namespace -> {
                    var total = new AtomicInteger();
                    Gauge.builder("flagger_canary_total", total, AtomicInteger::get)
                            .description("Total number of canaries")
                            .tag("namespace", namespace)
                            .register(meters);
                    return total;
                });
    }
}
