package dev.serinus.analysis.forecast;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.topic.CanaryKey;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How the release of one Canary goes, at best, with what the fleet asks of it and with others that
 * are released at the same moment.
 *
 * @param at when all are released
 */
public record Together(CanaryKey canary, Instant at, Forecast forecast) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Events of the history that say for what a release waits. */
    private static final Set<String> WAITS =
            Set.of("BudgetFull", "WaveWaits", "Frozen", "GroupWaits");

    private static final String STARTED = "Started";
    private static final String SAYS = "It waits for ";

    /** The step with which it begins; empty where it never does. */
    public Optional<ForecastStep> begins() {
        return forecast.steps().stream().filter(step -> step.type().equals(STARTED)).findFirst();
    }

    /** For what it waits from when on, a sentence each. */
    public List<String> waits() {
        return forecast.steps().stream()
                .filter(step -> WAITS.contains(step.type()))
                .map(
                        step ->
                                "from %s: %s"
                                        .formatted(
                                                Durations.print(step.after()),
                                                step.message().replace(SAYS, "")))
                .toList();
    }

    /** The same for programs; times in milliseconds after the release. */
    public ObjectNode json() {
        ObjectNode one = JSON.createObjectNode();
        one.put("cluster", canary.cluster())
                .put("at", at.toString())
                .put("end", forecast.end())
                .put("waitingFor", forecast.waitingFor())
                .put("endsMillis", forecast.lasts().toMillis());
        begins().ifPresent(step -> one.put("beginsMillis", step.after().toMillis()));
        waits().forEach(one.putArray("waits")::add);
        return one;
    }
}
