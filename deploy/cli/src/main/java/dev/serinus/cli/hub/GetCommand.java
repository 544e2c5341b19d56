package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;

/** Lists rollouts, Flagger's columns first. */
@Command(
        name = "get",
        description = "List rollouts, or those that are named.",
        footer = ExitCodes.HELP,
        exitCodeOnExecutionException = ExitCodes.HUB,
        mixinStandardHelpOptions = true)
public final class GetCommand implements Callable<Integer> {

    /** As a hub says it, but for what is late, which is a matter of the time. */
    private static final List<String> URGENT =
            List.of("failed-with-traffic", "failed", "waits-for-people", "late");

    /** As in the dashboard. */
    private static final Duration LATE = Duration.ofMinutes(1);

    @Mixin private HubOptions options = new HubOptions();
    @Mixin private DirectOptions direct = new DirectOptions();
    @Mixin private Output output = new Output();

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description = "NAME, NAMESPACE/NAME or CLUSTER/NAMESPACE/NAME; without one all.")
    private List<String> names = List.of();

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            description =
                    "Only those whose Canary has these labels, as kubectl has it:"
                            + " app=shop,tier!=db.")
    private @Nullable String selector;

    @Option(
            names = "--attention",
            description =
                    "Only those that ask for people, the most urgent first: failed with traffic,"
                            + " failed, waiting for people, late.")
    private boolean attention;

    @Option(names = "--no-headers", description = "Print no heading.")
    private boolean noHeaders;

    @Override
    public Integer call() throws InterruptedException {
        if (selector != null && (direct.isAsked() || !names.isEmpty())) {
            options.err().println("serinus: -l chooses of those that a hub lists, without names");
            return ExitCodes.USAGE;
        }
        if (attention && direct.isAsked()) {
            options.err().println("serinus: what asks for people is known to a hub alone");
            return ExitCodes.USAGE;
        }
        return direct.isAsked()
                ? direct.work(options, client -> list(found(client)))
                : options.work(
                        hub -> {
                            var found = attention ? urgent(found(hub)) : found(hub);
                            int code = list(found);
                            if (!output.isName()) {
                                options.tellOfSilentClusters(hub, found);
                            }
                            return code;
                        });
    }

    private List<JsonNode> found(Hub hub) throws HubTrouble {
        return names.isEmpty() ? options.rollouts(hub, HubOptions.selecting(selector)) : named(hub);
    }

    private static List<JsonNode> urgent(List<JsonNode> all) {
        Instant now = Instant.now();
        return all.stream()
                .filter(each -> urgency(each, now) < URGENT.size())
                .sorted(Comparator.comparingInt(each -> urgency(each, now)))
                .toList();
    }

    /** Its place among what is urgent; behind all of it where it asks for nobody. */
    private static int urgency(JsonNode rollout, Instant now) {
        String word = rollout.path("attention").asText();
        boolean late =
                word.equals("running")
                        && Times.of(rollout.path("deadline"))
                                .filter(until -> until.plus(LATE).isBefore(now))
                                .isPresent();
        int place = URGENT.indexOf(late ? "late" : word);
        return place < 0 ? URGENT.size() : place;
    }

    private List<JsonNode> found(KubernetesClient client) throws HubTrouble {
        List<JsonNode> found = new ArrayList<>();
        for (String name : names) {
            found.add(DirectOptions.rollout(client, options, name));
        }
        return names.isEmpty() ? DirectOptions.rollouts(client, options) : found;
    }

    private int list(List<JsonNode> found) {
        ArrayNode all = Hub.JSON.createArrayNode();
        found.forEach(all::add);
        if (output.prints(options.out(), all)) {
            return ExitCodes.AS_WISHED;
        }
        if (found.isEmpty()) {
            options.err().println("no rollouts");
            return ExitCodes.AS_WISHED;
        }
        if (output.isName()) {
            found.forEach(each -> options.out().println(HubOptions.Named.of(each)));
            return ExitCodes.AS_WISHED;
        }
        List<List<String>> rows = new ArrayList<>();
        if (!noHeaders) {
            rows.add(headings());
        }
        found.forEach(each -> rows.add(row(each)));
        Output.table(options.out(), rows);
        return ExitCodes.AS_WISHED;
    }

    private List<JsonNode> named(Hub hub) throws HubTrouble {
        List<JsonNode> found = new ArrayList<>();
        for (String name : names) {
            found.add(options.detail(hub, options.named(hub, name)).path("rollout"));
        }
        return found;
    }

    private List<String> headings() {
        List<String> all =
                new ArrayList<>(List.of("NAME", "STATUS", "WEIGHT", "CLUSTER", "NAMESPACE"));
        if (output.isWide()) {
            all.addAll(
                    List.of(
                            "REVISION",
                            "IMAGES",
                            "PROMOTED",
                            "PRIMARYIMAGES",
                            "RUN",
                            "FAILEDCHECKS",
                            "POSSIBLE"));
        }
        all.addAll(List.of("WAITING FOR", "LASTTRANSITIONTIME"));
        return all;
    }

    private List<String> row(JsonNode rollout) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                rollout.path("name").asText(),
                                Texts.phase(rollout),
                                rollout.path("canaryWeight").asText(),
                                rollout.path("cluster").asText(),
                                rollout.path("namespace").asText()));
        if (output.isWide()) {
            all.addAll(
                    List.of(
                            rollout.path("revision").asText(),
                            ImageText.shortened(rollout.path("images")),
                            rollout.path("promotedRevision").asText(),
                            ImageText.shortened(rollout.path("primaryImages")),
                            rollout.path("run").asText(),
                            rollout.path("failedChecks").asText(),
                            rollout.has("possibleActions")
                                    ? String.join(",", Texts.of(rollout.path("possibleActions")))
                                    : "?"));
        }
        all.addAll(
                List.of(
                        rollout.path("waitingFor").asText().isEmpty() && rollout.has("takenBack")
                                ? "taken back: " + rollout.at("/takenBack/because").asText()
                                : rollout.path("waitingFor").asText(),
                        Times.of(rollout.path("updatedAt"))
                                .map(at -> Times.age(at, Instant.now()))
                                .orElse("")));
        return all;
    }
}
