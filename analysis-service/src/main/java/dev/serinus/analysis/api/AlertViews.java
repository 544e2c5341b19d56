package dev.serinus.analysis.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;

import dev.serinus.schemas.events.AlertResult;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/** What the API answers about alerts. */
final class AlertViews {

    private AlertViews() {}

    /**
     * Many, the latest first.
     *
     * @param more how to look further back; null where there is nothing
     */
    record AlertsView(
            int count,
            List<AlertView> alerts,
            @JsonProperty("continue") @JsonInclude(JsonInclude.Include.NON_NULL)
                    @Nullable String more) {
        AlertsView {
            alerts = List.copyOf(alerts);
        }
    }

    /**
     * What became of one at one receiver.
     *
     * @param sequence of the decision within the canary
     * @param key names the message, the same for the same alert to the same receiver
     * @param alert name of the entry in spec.analysis.alerts
     * @param provider NAME.NAMESPACE of its AlertProvider, or global
     * @param type of the receiver; empty where it is not known
     * @param severity info, warn or error
     * @param outcome delivered, gathered, repeated or dead-lettered
     * @param attempts 0 where nothing was to be sent, or that is not known
     * @param because why it was not delivered; else empty
     */
    record AlertView(
            Instant at,
            long run,
            long sequence,
            String key,
            String alert,
            String provider,
            String type,
            String severity,
            String message,
            String outcome,
            int attempts,
            String because) {

        static AlertView of(AlertResult result) {
            return new AlertView(
                    result.getAt(),
                    result.getRun(),
                    result.getSequence(),
                    result.getKey(),
                    result.getAlert(),
                    result.getProvider(),
                    result.getType(),
                    result.getSeverity().name().toLowerCase(Locale.ROOT),
                    result.getMessage(),
                    result.getOutcome(),
                    result.getAttempts(),
                    result.getBecause());
        }
    }
}
