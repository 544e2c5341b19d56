package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Lists what people did and were refused. */
@Command(
        name = "audit",
        description = {
            "List what people did and were refused, the oldest first: actions, replays of dead"
                    + " letters, gates that were turned, logins.",
            "It is what you asked yourself, and what is about what you may see."
        },
        footer = ExitCodes.HELP,
        exitCodeOnExecutionException = ExitCodes.HUB,
        mixinStandardHelpOptions = true)
public final class AuditCommand implements Callable<Integer> {

    private static final int PAGE = 500;

    /** One may be empty and have others behind it. */
    private static final int MOST_PAGES = 1_000;

    @Mixin private HubOptions options = new HubOptions();
    @Mixin private Output output = new Output();

    @Option(names = "--actor", paramLabel = "NAME", description = "Only what this one asked.")
    private @Nullable String actor;

    @Option(
            names = "--outcome",
            paramLabel = "WORD",
            description = "Only what became this, such as done, refused or not-allowed.")
    private @Nullable String outcome;

    @Option(
            names = "--since",
            paramLabel = "TIME",
            description = "Only since a time such as 2026-11-30T08:00:00Z.")
    private @Nullable String since;

    @Option(
            names = "--limit",
            paramLabel = "N",
            defaultValue = "1000",
            description = "The newest so many (default: ${DEFAULT-VALUE}).")
    private int limit;

    @Override
    public Integer call() throws InterruptedException {
        return options.work(this::list);
    }

    private int list(Hub hub) throws HubTrouble {
        Map<String, String> query = options.place();
        put(query, "actor", actor);
        put(query, "outcome", outcome);
        put(query, "since", since);
        int most = Math.max(1, limit);
        query.put("limit", Integer.toString(Math.min(PAGE, most)));
        List<JsonNode> found = new ArrayList<>();
        boolean more = true;
        for (int page = 0; more && found.size() < most && page < MOST_PAGES; page++) {
            var answer = hub.get("/api/v1/audit", query);
            if (answer.status() != 200) {
                throw answer.trouble();
            }
            answer.body().path("entries").forEach(found::add);
            more = answer.body().has("continue");
            query.put("continue", answer.body().path("continue").asText());
        }
        ArrayNode entries = Hub.JSON.createArrayNode();
        found.subList(0, Math.min(most, found.size())).reversed().forEach(entries::add);
        if (output.prints(options.out(), entries)) {
            return ExitCodes.AS_WISHED;
        }
        if (entries.isEmpty()) {
            options.err().println("nobody did anything that you may see");
            return ExitCodes.AS_WISHED;
        }
        print(entries);
        if (more || found.size() > most) {
            options.err().println("there is more: see --limit");
        }
        return ExitCodes.AS_WISHED;
    }

    private static void put(Map<String, String> query, String name, @Nullable String value) {
        if (value != null) {
            query.put(name, value);
        }
    }

    private void print(ArrayNode entries) {
        List<List<String>> rows = new ArrayList<>();
        Instant now = Instant.now();
        rows.add(List.of("TIME", "ACTOR", "ACTION", "OUTCOME", "OF", "TIMES", "REASON", "BECAUSE"));
        for (JsonNode entry : entries) {
            rows.add(
                    List.of(
                            Times.of(entry.path("at"))
                                    .map(at -> Times.clock(at, now, ZoneId.systemDefault()))
                                    .orElse(""),
                            entry.path("actor").asText(),
                            entry.path("action").asText(),
                            entry.path("outcome").asText(),
                            of(entry),
                            entry.path("times").asText(),
                            entry.path("reason").asText(),
                            entry.path("because").asText()));
        }
        Output.table(options.out(), rows);
    }

    private static String of(JsonNode entry) {
        String canary =
                entry.path("name").isTextual()
                        ? HubOptions.Named.of(entry).toString()
                        : entry.path("cluster").asText("");
        return (canary + " " + entry.path("target").asText()).strip();
    }
}
