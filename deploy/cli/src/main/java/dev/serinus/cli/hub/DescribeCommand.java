package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Tells all that is known of one rollout. */
@Command(
        name = "describe",
        description = "Tell how one rollout is, what it waits for, and what happened last.",
        footer = ExitCodes.HELP,
        exitCodeOnExecutionException = ExitCodes.HUB,
        mixinStandardHelpOptions = true)
public final class DescribeCommand implements Callable<Integer> {

    private static final int EVENTS = 10;

    @Mixin private HubOptions options = new HubOptions();
    @Mixin private DirectOptions direct = new DirectOptions();
    @Mixin private Output output = new Output();

    @Parameters(
            paramLabel = "NAME",
            description = "NAME, NAMESPACE/NAME or CLUSTER/NAMESPACE/NAME.")
    private String name = "";

    @Override
    public Integer call() throws InterruptedException {
        return direct.isAsked()
                ? direct.work(
                        options,
                        client -> {
                            var rollout = DirectOptions.rollout(client, options, name);
                            return describe(
                                    HubOptions.Named.of(rollout),
                                    DirectOptions.detail(client, options, rollout));
                        })
                : options.work(
                        hub -> {
                            var named = options.named(hub, name);
                            var detail = options.detail(hub, named);
                            int code = describe(named, detail);
                            if (!output.isData() && !output.isName()) {
                                alerts(hub, named, detail.path("rollout").path("run").asLong());
                            }
                            if (!output.isName()) {
                                options.tellOfSilentClusters(hub, List.of(named.json()));
                            }
                            return code;
                        });
    }

    private int describe(HubOptions.Named named, JsonNode detail) {
        if (output.prints(options.out(), detail)) {
            return ExitCodes.AS_WISHED;
        }
        if (output.isName()) {
            options.out().println(named);
            return ExitCodes.AS_WISHED;
        }
        JsonNode rollout = detail.path("rollout");
        PrintWriter out = options.out();
        line(out, "Name", named.toString());
        line(out, "Phase", Texts.phase(rollout));
        line(out, "Weight", Texts.weight(rollout));
        line(out, "Waiting for", or(rollout.path("waitingFor").asText(), "nothing"));
        line(out, "Until", or(rollout.path("deadline").asText(""), "null"));
        line(out, "Revision", Texts.named(rollout, "revision", "images"));
        line(out, "Promoted", Texts.named(rollout, "promotedRevision", "primaryImages"));
        line(out, "Run", rollout.path("run").asText());
        if (detail.has("spent")) { // of a hub that tells it
            line(out, "Spent on", Texts.spent(detail.path("spent"), Instant.now()));
        }
        if (rollout.has("takenBack")) {
            line(out, "Taken back", Texts.takenBack(rollout, Instant.now()));
        }
        line(out, "Failed checks", rollout.path("failedChecks").asText());
        line(out, "Provider", rollout.path("provider").asText());
        line(
                out,
                "Possible",
                rollout.has("possibleActions")
                        ? or(
                                String.join(", ", Texts.of(rollout.path("possibleActions"))),
                                "nothing")
                        : "only a hub knows");
        rollout.path("hints").forEach(hint -> line(out, "Hint", hint.asText()));
        List<JsonNode> events = new ArrayList<>();
        detail.path("history").forEach(events::add);
        if (!events.isEmpty()) {
            out.println();
            HistoryCommand.print(
                    out, events.subList(Math.max(0, events.size() - EVENTS), events.size()));
        }
        return ExitCodes.AS_WISHED;
    }

    /** The last of its run; a hub that cannot tell them now has told all else. */
    private void alerts(Hub hub, HubOptions.Named named, long run) {
        if (run < 1) {
            return;
        }
        try {
            var alerts = Alerts.latest(hub, named, run, EVENTS);
            if (!alerts.isEmpty()) {
                options.out().println();
                Alerts.print(options.out(), alerts);
            }
        } catch (HubTrouble untold) {
            options.err().println("what became of its alerts: " + untold.getMessage());
        }
    }

    private static String or(String text, String otherwise) {
        return text.isEmpty() ? otherwise : text;
    }

    private static void line(PrintWriter out, String label, String value) {
        if (!value.equals("null")) {
            out.printf("%-14s %s%n", label + ":", value);
        }
    }
}
