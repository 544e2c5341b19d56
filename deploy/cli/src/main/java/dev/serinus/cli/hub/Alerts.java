package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What became of the alerts of a rollout, as a hub tells it. */
final class Alerts {

    /** Pages that are asked for, since one may be empty and have others behind it. */
    private static final int MOST_PAGES = 20;

    private Alerts() {}

    /**
     * So many of the latest, the oldest first.
     *
     * @param run only those of this run; 0 for all
     */
    static ArrayNode latest(Hub hub, HubOptions.Named named, long run, int most) throws HubTrouble {
        var found = new LinkedHashMap<String, JsonNode>();
        Map<String, String> query = new LinkedHashMap<>();
        query.put("limit", Integer.toString(most));
        if (run > 0) {
            query.put("run", Long.toString(run));
        }
        for (int page = 0; page < MOST_PAGES && found.size() < most; page++) {
            var answer = hub.get(named.path() + "/alerts", query);
            if (answer.status() != 200) {
                throw answer.trouble();
            }
            answer.body().path("alerts").forEach(alert -> add(found, alert));
            if (!answer.body().has("continue")) {
                break;
            }
            query.put("continue", answer.body().path("continue").asText());
        }
        ArrayNode all = Hub.JSON.createArrayNode();
        found.values().stream().limit(most).toList().reversed().forEach(all::add);
        return all;
    }

    /** What is told once more by a notifier that was killed counts as it came first. */
    private static void add(Map<String, JsonNode> found, JsonNode earlier) {
        String key = earlier.path("key").asText();
        // A hub of an older release names none.
        String name = key.isEmpty() ? "" + found.size() : key + " " + earlier.path("outcome");
        found.remove(name);
        found.put(name, earlier);
    }

    static void print(PrintWriter out, ArrayNode alerts) {
        List<List<String>> rows = new ArrayList<>();
        Instant now = Instant.now();
        rows.add(List.of("TIME", "RUN", "SEVERITY", "ALERT", "PROVIDER", "OUTCOME", "MESSAGE"));
        for (JsonNode alert : alerts) {
            rows.add(
                    List.of(
                            Times.of(alert.path("at"))
                                    .map(at -> Times.clock(at, now, ZoneId.systemDefault()))
                                    .orElse(""),
                            alert.path("run").asText(),
                            alert.path("severity").asText(),
                            alert.path("alert").asText(),
                            alert.path("provider").asText(),
                            outcome(alert),
                            alert.path("message").asText()));
        }
        Output.table(out, rows);
    }

    private static String outcome(JsonNode alert) {
        int attempts = alert.path("attempts").asInt();
        String because = alert.path("because").asText();
        return alert.path("outcome").asText()
                + (attempts > 1 ? " after " + attempts + " attempts" : "")
                + (because.isEmpty() ? "" : " (" + because + ")");
    }
}
