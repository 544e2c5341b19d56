package dev.serinus.cli.manifest;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.analysis.forecast.Forecast;
import dev.serinus.analysis.forecast.ForecastStep;
import dev.serinus.analysis.forecast.Horizon;
import dev.serinus.analysis.forecast.Together;
import dev.serinus.analysis.rules.FleetConfig;
import dev.serinus.analysis.rules.FleetFile;
import dev.serinus.cli.Refused;
import dev.serinus.cli.manifest.PlanCommand.Planned;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.canary.PassFreeze;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What becomes of Canaries that are released at one moment: who begins when, and for what the
 * others wait.
 *
 * @param together how each goes; empty before it is known
 */
record FleetPlan(Path file, FleetConfig config, Instant at, Map<CanaryKey, Together> together) {

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
        Map<CanaryKey, PassFreeze> passes = new HashMap<>();
        all.forEach(
                planned ->
                        planned.judged()
                                .passFreeze()
                                .ifPresent(pass -> passes.put(planned.plan().canary(), pass)));
        Map<CanaryKey, Together> known = new LinkedHashMap<>();
        Forecast.together(config, at, specs, passes, Horizon.OF_ALL)
                .forEach((canary, each) -> known.put(canary, new Together(canary, at, each)));
        return new FleetPlan(file, config, at, known);
    }

    void print(PrintWriter out) {
        out.printf("All released at %s, at best, with %s:%n%n", at, file);
        out.printf("  %-10s %-10s %-30s %s%n", "BEGINS", "ENDS", "CANARY", "WAITS FOR");
        together.values().stream()
                .sorted(Comparator.comparing(FleetPlan::order))
                .forEach(one -> print(out, one));
        out.println();
    }

    /** By when they begin; those that never do come last. */
    private static Duration order(Together one) {
        return one.begins().map(ForecastStep::after).orElse(ChronoUnit.FOREVER.getDuration());
    }

    private static void print(PrintWriter out, Together one) {
        var forecast = one.forecast();
        var waits = one.waits();
        out.printf(
                "  %-10s %-10s %-30s %s%n",
                one.begins().map(step -> Durations.print(step.after())).orElse("-"),
                forecast.end().isEmpty() ? "-" : Durations.print(forecast.lasts()),
                label(one.canary()),
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

    /** Adds how one of them goes to what is told of it. */
    void addTo(ObjectNode node, CanaryKey canary) {
        var one = together.get(canary);
        if (one != null) {
            node.set("together", one.json());
        }
    }
}
