package dev.serinus.schemas.telemetry;

import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;

/**
 * Memory, CPU, descriptors, threads and collections of this process, by the names that Prometheus'
 * client libraries agree upon: {@code process_*}, which Flagger has as well, and {@code jvm_*}.
 */
public final class ProcessMetrics {

    private ProcessMetrics() {}

    /** Adds them to what a scrape of this registry answers; once for each registry. */
    public static void addTo(PrometheusMeterRegistry registry) {
        JvmMetrics.builder().register(registry.getPrometheusRegistry());
    }
}
