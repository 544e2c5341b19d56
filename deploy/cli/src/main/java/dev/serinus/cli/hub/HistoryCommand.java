package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
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

    @Mixin private HubOptions options = new HubOptions();
    @Mixin private Output output = new Output();

    @Option(names = "--actors", description = "Only what people did.")
    private boolean actors;

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

    private int listEvents(Hub hub) throws HubTrouble {
        ArrayNode events = Hub.JSON.createArrayNode();
        options.detail(hub, options.named(hub, name))
                .path("history")
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
