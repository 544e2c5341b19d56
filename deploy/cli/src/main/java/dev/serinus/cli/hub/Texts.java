package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.StreamSupport;

/** Texts of the API's JSON. */
final class Texts {

    private Texts() {}

    static List<String> of(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false).map(JsonNode::asText).toList();
    }

    /** The phase of a rollout, and whether it is only tried. */
    static String phase(JsonNode rollout) {
        return marked(rollout, rollout.path("phase").asText());
    }

    /** The type of an event, and whether it was only tried. */
    static String type(JsonNode event) {
        return marked(event, event.path("type").asText());
    }

    /** A revision and, where they are known, its images as they are written. */
    static String named(JsonNode rollout, String revision, String images) {
        List<String> known = of(rollout.path(images));
        String hash = rollout.path(revision).asText();
        return known.isEmpty() ? hash : "%s: %s".formatted(hash, String.join(", ", known));
    }

    /** Why a run was taken back, and when. */
    static String takenBack(JsonNode rollout, Instant now) {
        JsonNode told = rollout.path("takenBack");
        int checks = told.path("failedChecks").asInt();
        return "%s: %s%s"
                .formatted(
                        Times.of(told.path("at"))
                                .map(at -> Times.clock(at, now, ZoneId.systemDefault()))
                                .orElse(""),
                        told.path("because").asText(),
                        checks == 0
                                ? ""
                                : " (%d failed check%s)".formatted(checks, checks == 1 ? "" : "s"));
    }

    /** The canary's share as read back, and what the router was asked for beyond it. */
    static String weight(JsonNode rollout) {
        String read = rollout.path("canaryWeight").asText() + " %";
        return rollout.path("wantedWeight").isNumber()
                ? "%s, and %s %% is asked for and not read back yet"
                        .formatted(read, rollout.path("wantedWeight").asText())
                : read;
    }

    /**
     * On what a run has spent its time, what goes on included.
     *
     * @param spent as the API has it; null where that is not known
     */
    static String spent(JsonNode spent, Instant now) {
        if (!spent.isObject()) {
            return "not known";
        }
        String on = spent.path("on").asText();
        Duration since =
                Times.of(spent.path("since"))
                        .map(at -> Duration.between(at, now))
                        .filter(Duration::isPositive)
                        .orElse(Duration.ZERO);
        return "%s its work, %s waiting for people, %s waiting for other rollouts"
                .formatted(
                        spent(spent, "active", on, since),
                        spent(spent, "person", on, since),
                        spent(spent, "fleet", on, since));
    }

    private static String spent(JsonNode spent, String what, String on, Duration since) {
        Duration told = Duration.ofMillis(spent.path(what + "Millis").asLong());
        return Times.length(what.equals(on) ? told.plus(since) : told);
    }

    private static String marked(JsonNode one, String text) {
        return one.path("dryRun").asBoolean() ? text + " (dry run)" : text;
    }
}
