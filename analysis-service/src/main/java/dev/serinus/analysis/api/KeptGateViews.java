package dev.serinus.analysis.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import dev.serinus.analysis.keptgate.KeptGate;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** What the API answers about gates. */
final class KeptGateViews {

    private KeptGateViews() {}

    /**
     * Canaries that wait at a gate, or of which a load tester keeps gates, by their names.
     *
     * @param clusters in which a load tester keeps gates, of those that are asked for
     * @param more how to ask for those that follow; null where these are the last
     */
    record GatesView(
            int count,
            List<CanaryGates> canaries,
            List<String> clusters,
            @JsonProperty("continue") @JsonInclude(JsonInclude.Include.NON_NULL)
                    @Nullable String more) {
        GatesView {
            canaries = List.copyOf(canaries);
            clusters = List.copyOf(clusters);
        }
    }

    /**
     * The gates of one canary.
     *
     * @param phase null where no rollout of it is known
     * @param waits at a gate that people may pass it at
     * @param waitingFor empty where it waits for nothing
     * @param gates that were ever turned; others are closed
     * @param allowedActions open and close, as far as the rules let the caller; none in a cluster
     *     without a load tester
     */
    record CanaryGates(
            String cluster,
            String namespace,
            String name,
            @JsonInclude(JsonInclude.Include.ALWAYS) @Nullable String phase,
            boolean waits,
            String waitingFor,
            List<GateView> gates,
            List<String> allowedActions) {
        CanaryGates {
            gates = List.copyOf(gates);
            allowedActions = List.copyOf(allowedActions);
        }
    }

    /** One gate that is kept. */
    record GateView(String gate, boolean open, String actor, String reason, Instant since) {

        static GateView of(KeptGate gate) {
            return new GateView(
                    gate.kind().word(), gate.open(), gate.actor(), gate.reason(), gate.since());
        }
    }
}
