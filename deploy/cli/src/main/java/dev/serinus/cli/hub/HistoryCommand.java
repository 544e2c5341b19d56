package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Lists what happened to one rollout. */
@Command(
        name = "history",
        description = "List what happened to one rollout, the oldest first.",
        footer = ExitCodes.HELP,
        exitCodeOnExecutionException = ExitCodes.HUB,
        mixinStandardHelpOptions = true)
public final class HistoryCommand implements Callable<Integer> {

    private static final int MOST_ALERTS = 500;
    private static final int MOST_EVENTS = 10_000;
    private static final int PAGE = 500;

    /** Each a look of a hub into Kafka, which may find nothing of this one. */
    private static final int MOST_PAGES = 100;

    @Mixin private HubOptions options = new HubOptions();
    @Mixin private Output output = new Output();

    @Option(names = "--actors", description = "Only what people did.")
    private boolean actors;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description =
                    "So many of the latest events, as far back as Kafka keeps them, 1 to 10000;"
                            + " without it and --run those that the hub has in memory.")
    private @Nullable Integer limit;

    @Option(
            names = "--run",
            paramLabel = "RUN",
            description = "Only of this run, from its beginning as long as Kafka keeps it.")
    private @Nullable Integer run;

    @Option(
            names = "--alerts",
            description = "What became of its alerts in place of what happened.")
    private boolean alerts;

    @Parameters(
            paramLabel = "NAME",
            description = "NAME, NAMESPACE/NAME or CLUSTER/NAMESPACE/NAME.")
    private String name = "";

    @Override
    public Integer call() throws InterruptedException {
        return options.work(this::list);
    }

    private int list(Hub hub) throws HubTrouble {
        return alerts ? listAlerts(hub) : listEvents(hub);
    }

    private int listAlerts(Hub hub) throws HubTrouble {
        var found = Alerts.latest(hub, options.named(hub, name), 0, MOST_ALERTS);
        if (!output.prints(options.out(), found)) {
            if (found.isEmpty()) {
                options.err()
                        .println(
                                "nothing is known of its alerts: nobody was told, or it is not"
                                        + " kept");
            } else {
                Alerts.print(options.out(), found);
            }
        }
        return ExitCodes.AS_WISHED;
    }

    /** The latest that Kafka keeps, the oldest first. */
    private List<JsonNode> past(Hub hub, HubOptions.Named named) throws HubTrouble {
        int most = limit == null ? MOST_EVENTS : limit;
        Map<String, String> query = new LinkedHashMap<>();
        query.put("limit", Integer.toString(Math.min(most, PAGE)));
        if (run != null) {
            query.put("run", Integer.toString(run));
        }
        List<JsonNode> found = new ArrayList<>();
        boolean more = true;
        for (int page = 0; more && page < MOST_PAGES && found.size() < most; page++) {
            var answer = hub.get(named.path() + "/events", query);
            if (answer.status() != 200) {
                throw answer.trouble();
            }
            answer.body().path("events").forEach(found::add);
            more = answer.body().hasNonNull("continue");
            query.put("continue", answer.body().path("continue").asText());
        }
        if (more && found.size() < most) {
            options.err().println("serinus: earlier events were not looked for");
        }
        return found.stream().limit(most).toList().reversed();
    }

    /** What the hub has in memory, or, where nothing is, what Kafka keeps. */
    private List<JsonNode> known(Hub hub, HubOptions.Named named) throws HubTrouble {
        if (limit == null && run == null) {
            List<JsonNode> found = new ArrayList<>();
            options.detail(hub, named).path("history").forEach(found::add);
            if (!found.isEmpty()) {
                return found;
            }
        }
        return past(hub, named);
    }

    private int listEvents(Hub hub) throws HubTrouble {
        if ((limit != null && (limit < 1 || limit > MOST_EVENTS)) || (run != null && run < 1)) {
            throw new HubTrouble(
                    ExitCodes.USAGE,
                    "--limit must be 1 to %d, and --run 1 or more".formatted(MOST_EVENTS));
        }
        ArrayNode events = Hub.JSON.createArrayNode();
        known(hub, options.named(hub, name))
                .forEach(
                        event -> {
                            if (!actors || !event.path("actor").asText().equals("serinus")) {
                                events.add(event);
                            }
                        });
        if (output.prints(options.out(), events)) {
            return ExitCodes.AS_WISHED;
        }
        if (events.isEmpty()) {
            options.err().println("nothing happened that is known here");
            return ExitCodes.AS_WISHED;
        }
        List<JsonNode> list = new ArrayList<>();
        events.forEach(list::add);
        print(options.out(), list);
        return ExitCodes.AS_WISHED;
    }

    static void print(PrintWriter out, List<JsonNode> events) {
        List<List<String>> rows = new ArrayList<>();
        Instant now = Instant.now();
        rows.add(List.of("TIME", "RUN", "EVENT", "WEIGHT", "ACTOR", "MESSAGE"));
        for (JsonNode event : events) {
            rows.add(
                    List.of(
                            Times.of(event.path("at"))
                                    .map(at -> Times.clock(at, now, ZoneId.systemDefault()))
                                    .orElse(""),
                            event.path("run").asText(),
                            Texts.type(event),
                            event.path("canaryWeight").asText(),
                            event.path("actor").asText(),
                            event.path("message").asText()));
        }
        Output.table(out, rows);
    }
}
