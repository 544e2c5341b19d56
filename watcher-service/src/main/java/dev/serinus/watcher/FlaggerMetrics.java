package dev.serinus.watcher;

import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.cluster.Observed;
import dev.serinus.schemas.telemetry.FlaggerNames;
import dev.serinus.watcher.cluster.Cluster;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

import org.jspecify.annotations.Nullable;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Flagger's metrics about the installation itself, under Flagger's names. A namespace without
 * Canaries has no series.
 */
final class FlaggerMetrics {

    /** The release of Flagger whose behaviour this is. */
    private static final String VERSION = "1.44.0";

    private final MeterRegistry meters;
    private final Map<String, Total> totals = new ConcurrentHashMap<>();

    /** The Canaries of one namespace, and what shows their number. */
    private record Total(AtomicInteger canaries, Gauge gauge) {}

    private FlaggerMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    static void register(Installation installation, Cluster cluster, MeterRegistry meters) {
        Gauge.builder(FlaggerNames.INFO, () -> 1)
                .description("Flagger version and mesh provider information")
                .tag("version", VERSION)
                .tag("mesh_provider", installation.meshProvider())
                .register(meters);
        var metrics = new FlaggerMetrics(meters);
        cluster.canaries().onChange(metrics::count);
    }

    private void count(@Nullable Observed<?> before, @Nullable Observed<?> after) {
        if (before == null && after != null) {
            totals.computeIfAbsent(after.namespace(), this::total).canaries().incrementAndGet();
        } else if (before != null && after == null) {
            totals.computeIfPresent(before.namespace(), (_, total) -> oneLess(total));
        }
    }

    private @Nullable Total oneLess(Total total) {
        if (total.canaries().decrementAndGet() > 0) {
            return total;
        }
        meters.remove(total.gauge());
        return null;
    }

    private Total total(String namespace) {
        var canaries = new AtomicInteger();
        return new Total(
                canaries,
                Gauge.builder(FlaggerNames.TOTAL, canaries, AtomicInteger::get)
                        .description("Total number of canaries")
                        .tag("namespace", namespace)
                        .register(meters));
    }
}
