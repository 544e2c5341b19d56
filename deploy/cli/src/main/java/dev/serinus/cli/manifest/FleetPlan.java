package dev.serinus.cli.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.analysis.forecast.Forecast;
import dev.serinus.analysis.forecast.ForecastStep;
import dev.serinus.analysis.rules.FleetConfig;
import dev.serinus.analysis.rules.FleetFile;
import dev.serinus.cli.Refused;
import dev.serinus.cli.manifest.PlanCommand.Planned;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What becomes of Canaries that are released at one moment: who begins when, and for what the
 * others wait.
 *
 * @param together how each goes; empty before it is known
 */
record FleetPlan(Path file, FleetConfig config, Instant at, Map<CanaryKey, Forecast> together) {

    /** Events of the history that say for what a release waits. */
    private static final Set<String> WAITS =
            Set.of("BudgetFull", "WaveWaits", "Frozen", "GroupWaits");

    private static final String STARTED = "Started";
    private static final String SAYS = "It waits for ";

    /**
     * Reads the fleet file. What is wrong with it, or with the time, is {@link Refused}.
     *
     * @param time with its zone; null for now
     */
    static FleetPlan read(Path file, @Nullable String time) {
        try {
            Instant at = time == null ? Instant.now() : OffsetDateTime.parse(time).toInstant();
            return new FleetPlan(file, FleetFile.read(file), at, Map.of());
        } catch (DateTimeParseException unreadable) {
            throw new Refused(
                    List.of(
                            "--at must be a time with its zone such as 2026-12-04T17:00:00Z; found"
                                    + " '"
                                    + time
                                    + "'"));
        } catch (IllegalArgumentException mistakes) {
            throw new Refused(List.of(String.valueOf(mistakes.getMessage())));
        }
    }

    /** The same, for these Canaries. */
    FleetPlan of(List<Planned> all) {
        Map<CanaryKey, RolloutSpec> specs = new LinkedHashMap<>();
        all.forEach(planned -> specs.put(planned.plan().canary(), planned.plan().spec()));
        return new FleetPlan(file, config, at, Forecast.together(config, at, specs));
    }

    void print(PrintWriter out) {
        out.printf("All released at %s, at best, with %s:%n%n", at, file);
        out.printf("  %-10s %-10s %-30s %s%n", "BEGINS", "ENDS", "CANARY", "WAITS FOR");
        together.entrySet().stream()
                .sorted(Comparator.comparing(one -> order(one.getValue())))
                .forEach(one -> print(out, one.getKey(), one.getValue()));
        out.println();
    }

    /** By when they begin; those that never do come last. */
    private static Duration order(Forecast forecast) {
        return begins(forecast).map(ForecastStep::after).orElse(ChronoUnit.FOREVER.getDuration());
    }

    private static void print(PrintWriter out, CanaryKey canary, Forecast forecast) {
        var waits = waits(forecast);
        out.printf(
                "  %-10s %-10s %-30s %s%n",
                begins(forecast).map(step -> Durations.print(step.after())).orElse("-"),
                forecast.end().isEmpty() ? "-" : Durations.print(forecast.lasts()),
                label(canary),
                waits.isEmpty() ? "" : waits.getFirst());
        waits.stream().skip(1).forEach(each -> out.printf("  %52s %s%n", "", each));
        if (forecast.end().isEmpty()) {
            out.printf("  %52s it does not end by itself: %s%n", "", forecast.waitingFor());
        } else if (!forecast.promotes()) {
            out.printf("  %52s it fails: %s%n", "", forecast.steps().getLast().message());
        }
    }

    private static String label(CanaryKey canary) {
        return canary.cluster().equals(PlanCommand.CLUSTER)
                ? canary.namespace() + "/" + canary.name()
                : canary.toString();
    }

    private static Optional<ForecastStep> begins(Forecast forecast) {
        return forecast.steps().stream().filter(step -> step.type().equals(STARTED)).findFirst();
    }

    private static List<String> waits(Forecast forecast) {
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

    /** Adds how one of them goes to what is told of it. */
    void addTo(ObjectNode node, CanaryKey canary) {
        var forecast = together.get(canary);
        if (forecast == null) {
            return;
        }
        ObjectNode one = node.putObject("together");
        one.put("cluster", canary.cluster())
                .put("at", at.toString())
                .put("end", forecast.end())
                .put("waitingFor", forecast.waitingFor())
                .put("endsMillis", forecast.lasts().toMillis());
        begins(forecast).ifPresent(step -> one.put("beginsMillis", step.after().toMillis()));
        waits(forecast).forEach(one.putArray("waits")::add);
    }
}
