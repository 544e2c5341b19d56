package dev.serinus.watcher.cluster;

import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryMetric;
import dev.serinus.schemas.canary.ObjectRef;
import dev.serinus.schemas.events.Role;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What of a Canary's spec the watcher itself works with: its workload, when that is ready, and its
 * metrics. Webhooks and alerts are not among it, so that their secrets are not even in memory.
 *
 * @param apex name of the apex service
 * @param ingress ingressRef.name, else the target's name
 * @param route routeRef.name, else the target's name
 * @param provider spec.provider as written
 * @param metricsServer spec.metricsServer as written; may hold a password
 * @param unknownMayPass true where a metric without data does not fail, so that it must be certain
 *     that there is none
 * @param baseline true where a run has a third workload
 */
public record SpecSummary(
        ObjectRef target,
        String apex,
        String ingress,
        String route,
        @Nullable String provider,
        @Nullable String metricsServer,
        List<CanaryMetric> metrics,
        int primaryReadyThreshold,
        int canaryReadyThreshold,
        boolean unknownMayPass,
        boolean baseline) {

    public SpecSummary {
        metrics = List.copyOf(metrics);
    }

    /** Reads a Canary that was admitted. */
    public static SpecSummary of(Canary canary) {
        var spec = canary.getSpec();
        var analysis = spec.analysis();
        String target = spec.targetRef().name();
        return new SpecSummary(
                spec.targetRef(),
                canary.apex(),
                spec.ingressRef() == null ? target : spec.ingressRef().name(),
                spec.routeRef() == null ? target : spec.routeRef().name(),
                empty(spec.provider()) ? null : spec.provider(),
                empty(spec.metricsServer()) ? null : spec.metricsServer(),
                analysis.metrics() == null ? List.of() : analysis.metrics(),
                percent(analysis.primaryReadyThreshold()),
                percent(analysis.canaryReadyThreshold()),
                analysis.onNoData() != null && !analysis.onNoData().equals("fail"),
                canary.hasBaseline());
    }

    /**
     * The same, compared with the primary: the run in hand began before a baseline was asked for.
     */
    public SpecSummary comparedWithPrimary() {
        return new SpecSummary(
                target,
                apex,
                ingress,
                route,
                provider,
                metricsServer,
                metrics,
                primaryReadyThreshold,
                canaryReadyThreshold,
                unknownMayPass,
                false);
    }

    /** What the names of the workloads beside the target end with, behind a dash. */
    public List<String> others() {
        return baseline ? List.of("primary", "baseline") : List.of("primary");
    }

    private static boolean empty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    private static int percent(@Nullable Integer threshold) {
        return threshold == null ? 100 : threshold;
    }

    /** Percent of the pods of a workload that must be available. */
    public int readyThreshold(Role role) {
        return switch (role) {
            case TARGET -> canaryReadyThreshold;
            case PRIMARY -> primaryReadyThreshold;
            // As much of it as of what it is compared with.
            case BASELINE -> canaryReadyThreshold;
        };
    }

    /** Leaves out the metrics server and the metrics. */
    @Override
    public String toString() {
        return "Basis[" + target.kind() + "/" + target.name() + "]";
    }
}
