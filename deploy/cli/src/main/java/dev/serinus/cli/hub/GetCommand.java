package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Instant;
import java.util.ArrayList;
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

    @Option(names = "--no-headers", description = "Print no heading.")
    private boolean noHeaders;

    @Override
    public Integer call() throws InterruptedException {
        if (selector != null && (direct.isAsked() || !names.isEmpty())) {
            options.err().println("serinus: -l chooses of those that a hub lists, without names");
            return ExitCodes.USAGE;
        }
        return direct.isAsked()
                ? direct.work(options, client -> list(found(client)))
                : options.work(
                        hub -> {
                            var found = found(hub);
                            int code = list(found);
                            options.tellOfSilentClusters(hub, found);
                            return code;
                        });
    }

    private List<JsonNode> found(Hub hub) throws HubTrouble {
        return names.isEmpty() ? options.rollouts(hub, HubOptions.selecting(selector)) : named(hub);
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
            all.addAll(List.of("REVISION", "PROMOTED", "RUN", "FAILEDCHECKS", "POSSIBLE"));
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
                            rollout.path("promotedRevision").asText(),
                            rollout.path("run").asText(),
                            rollout.path("failedChecks").asText(),
                            rollout.has("possibleActions")
                                    ? String.join(",", Texts.of(rollout.path("possibleActions")))
                                    : "?"));
        }
        all.addAll(
                List.of(
                        rollout.path("waitingFor").asText(),
                        Times.of(rollout.path("updatedAt"))
                                .map(at -> Times.age(at, Instant.now()))
                                .orElse("")));
        return all;
    }
}
