package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * One rollout as it is, for a terminal.
 *
 * @param now by the clock of whoever looks
 * @param colors false for a terminal, or a file, that knows none
 */
record RolloutPicture(Instant now, ZoneId zone, boolean colors) {

    private static final int BAR = 30;
    private static final int EVENTS = 8;

    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String YELLOW = "\u001b[33m";
    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";

    /** The lines of a rollout with its history, as the API answers them. */
    List<String> of(JsonNode detail) {
        JsonNode rollout = detail.path("rollout");
        List<String> lines = new ArrayList<>();
        String phase = Texts.phase(rollout);
        lines.add(
                "%s  %s  run %s, revision %s"
                        .formatted(
                                in(BOLD, HubOptions.Named.of(rollout).toString()),
                                in(color(rollout.path("phase").asText()), phase),
                                rollout.path("run").asText(),
                                rollout.path("revision").asText()));
        lines.add("");
        weights(rollout, lines);
        waiting(rollout, lines);
        if (detail.path("spent").isObject()) {
            lines.add(row("spent on", Texts.spent(detail.path("spent"), now)));
        }
        if (rollout.path("failedChecks").asInt() > 0) {
            lines.add(row("failed", rollout.path("failedChecks").asText() + " checks of this run"));
        }
        List<JsonNode> events = new ArrayList<>();
        detail.path("history").forEach(events::add);
        metrics(events, rollout.path("run").asLong(), lines);
        events(events, lines);
        List<String> possible = Texts.of(rollout.path("possibleActions"));
        if (!possible.isEmpty()) {
            lines.add("");
            lines.add(row("you can", String.join(", ", possible)));
        }
        return lines;
    }

    private void weights(JsonNode rollout, List<String> lines) {
        double canary = rollout.path("canaryWeight").asDouble();
        double baseline = rollout.path("baselineWeight").asDouble();
        lines.add(share("canary", canary, canary > 0 ? YELLOW : ""));
        if (rollout.path("wantedWeight").isNumber()) {
            lines.add(
                    row(
                            "",
                            in(
                                    YELLOW,
                                    number(rollout.path("wantedWeight").asDouble())
                                            + " % is asked for, and not read back yet")));
        }
        if (rollout.path("baselineWeight").isNumber()) {
            lines.add(share("baseline", baseline, ""));
        }
        lines.add(share("primary", 100 - canary - baseline, GREEN));
        if (rollout.path("mirrorWeight").isNumber()) {
            lines.add(share("copies", rollout.path("mirrorWeight").asDouble(), ""));
        }
    }

    private String share(String name, double percent, String color) {
        int full = (int) Math.round(BAR * percent / 100);
        String bar = "█".repeat(full) + "░".repeat(BAR - full);
        return row(name, in(color, bar) + " " + number(percent) + " %");
    }

    private void waiting(JsonNode rollout, List<String> lines) {
        String waits = rollout.path("waitingFor").asText();
        if (waits.isEmpty()) {
            return;
        }
        String until =
                Times.of(rollout.path("deadline"))
                        .map(
                                at ->
                                        at.isAfter(now)
                                                ? ", until %s (in %s)"
                                                        .formatted(
                                                                Times.clock(at, now, zone),
                                                                Times.length(
                                                                        Duration.between(now, at)))
                                                : ", due since " + Times.clock(at, now, zone))
                        .orElse("");
        lines.add(row("waits for", in(YELLOW, waits) + until));
    }

    /** What was judged last in this run: each metric with its bounds and what came of it. */
    private void metrics(List<JsonNode> events, long run, List<String> lines) {
        for (int place = events.size() - 1; place >= 0; place--) {
            JsonNode event = events.get(place);
            if (event.path("run").asLong() != run || event.path("evidence").isEmpty()) {
                continue;
            }
            lines.add("");
            lines.add(
                    Times.of(event.path("at"))
                            .map(at -> "metrics, " + Times.age(at, now) + " ago")
                            .orElse("metrics"));
            event.path("evidence").forEach(each -> lines.add(metric(each)));
            return;
        }
    }

    private String metric(JsonNode evidence) {
        String verdict = evidence.path("verdict").asText();
        String color =
                switch (verdict) {
                    case "PASS" -> GREEN;
                    case "FAIL" -> RED;
                    default -> YELLOW;
                };
        String because = evidence.path("because").asText("");
        return "  %-28s %10s  %-22s %s%s"
                .formatted(
                        evidence.path("check").asText(),
                        evidence.path("value").isNumber()
                                ? number(evidence.path("value").asDouble())
                                : "-",
                        bounds(evidence),
                        in(color, verdict.toLowerCase(Locale.ROOT)),
                        because.isEmpty() || verdict.equals("PASS") ? "" : ": " + because);
    }

    private static String bounds(JsonNode evidence) {
        String least =
                evidence.path("min").isNumber()
                        ? "at least " + number(evidence.path("min").asDouble())
                        : "";
        String most =
                evidence.path("max").isNumber()
                        ? "at most " + number(evidence.path("max").asDouble())
                        : "";
        return least.isEmpty() || most.isEmpty() ? least + most : least + ", " + most;
    }

    private void events(List<JsonNode> events, List<String> lines) {
        if (events.isEmpty()) {
            return;
        }
        lines.add("");
        for (JsonNode event : events.subList(Math.max(0, events.size() - EVENTS), events.size())) {
            String actor = event.path("actor").asText();
            lines.add(
                    "%-15s %-17s %s%s"
                            .formatted(
                                    Times.of(event.path("at"))
                                            .map(at -> Times.clock(at, now, zone))
                                            .orElse(""),
                                    Texts.type(event),
                                    event.path("message").asText(),
                                    actor.equals("serinus") ? "" : " (" + actor + ")"));
        }
    }

    private static String row(String label, String value) {
        return "%-10s %s".formatted(label, value);
    }

    private String color(String phase) {
        return switch (phase) {
            case "Succeeded", "Initialized" -> GREEN;
            case "Failed" -> RED;
            default -> YELLOW;
        };
    }

    private String in(String color, String text) {
        return colors && !color.isEmpty() ? color + text + PLAIN : text;
    }

    /** With four digits that count. */
    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e9
                ? Long.toString((long) value)
                : new BigDecimal(value, new MathContext(4)).stripTrailingZeros().toPlainString();
    }
}
