package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Asks for an action and tells what became of it, the same for all of them. */
final class Acting {

    /** So many are named when it is asked back. */
    private static final int NAMED = 10;

    /** What is meant for the run that goes on, and would be another thing in the next one. */
    private static final Set<String> OF_A_RUN =
            Set.of("promote", "skip", "approve", "abort", "retry");

    /** What is meant for the step at which it is, too. To stop is right at any step. */
    private static final Set<String> OF_A_STEP = Set.of("promote", "skip", "approve");

    @Mixin private HubOptions options = new HubOptions();
    @Mixin private Output output = new Output();

    @Parameters(
            paramLabel = "NAME",
            arity = "0..*",
            description =
                    "NAME, NAMESPACE/NAME or CLUSTER/NAMESPACE/NAME; several are asked alike.")
    private List<String> names = List.of();

    @Option(
            names = "--all",
            description =
                    "All rollouts of the fleet, or of the namespace (-n) or cluster (--cluster)"
                            + " that is named.")
    private boolean all;

    @Option(
            names = {"-l", "--selector"},
            paramLabel = "LABELS",
            description =
                    "Those whose Canary has these labels, as kubectl has it: app=shop,tier!=db;"
                            + " -n and --cluster narrow it down. 500 at most.")
    private @Nullable String selector;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it stays in the history.")
    private String reason = "";

    @Option(names = "--dry-run", description = "Only say whether it would be done.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description =
                    "Do not ask back before more than one; needed where there is no terminal.")
    private boolean yes;

    @Option(
            names = "--run",
            paramLabel = "N",
            description =
                    "Only in this run, as get -o wide and describe show it; without it in the one"
                            + " that goes on.")
    private long run;

    int ask(String action, String gate) throws InterruptedException {
        return options.work(hub -> ask(hub, action, gate));
    }

    private int ask(Hub hub, String action, String gate) throws HubTrouble, InterruptedException {
        var requests = new ActionRequests(hub, options.err());
        ObjectNode body = body(action, gate);
        List<JsonNode> targets = targets(hub, requests, body);
        if (targets.size() == 1) {
            JsonNode target = targets.getFirst();
            var name = HubOptions.Named.of(target);
            addSeen(hub, name, target, action, body);
            return told(List.of(requests.one(name, body)));
        }
        if (run != 0) {
            throw new HubTrouble(ExitCodes.USAGE, "--run is for one rollout alone");
        }
        List<HubOptions.Named> names = targets.stream().map(HubOptions.Named::of).toList();
        if (!yes && !dryRun) {
            askBack(action, names);
        }
        return told(requests.many(names, body));
    }

    private int told(List<ActionResult> results) {
        ArrayNode data = Hub.JSON.createArrayNode();
        int worst = ExitCodes.AS_WISHED;
        for (ActionResult each : results) {
            data.add(each.data());
            worst = ExitCodes.worse(worst, each.code());
            tell(each);
        }
        boolean _ = output.prints(options.out(), data);
        if (results.size() > 1 && worst != ExitCodes.AS_WISHED) {
            long done = results.stream().filter(it -> it.code() == ExitCodes.AS_WISHED).count();
            options.err().println("serinus: %d of %d as wished".formatted(done, results.size()));
        }
        return worst;
    }

    /** Whom to ask: as the hub lists them, or with nothing but their names. */
    private List<JsonNode> targets(Hub hub, ActionRequests requests, ObjectNode body)
            throws HubTrouble, InterruptedException {
        @Nullable String labels = HubOptions.selecting(selector);
        if (Stream.of(all, labels != null, !names.isEmpty()).filter(it -> it).count() != 1) {
            throw new HubTrouble(ExitCodes.USAGE, "name rollouts, choose them by -l, or say --all");
        }
        if (labels != null) {
            return requests
                    .chosen(options.selection().put("labels", labels), body, options::tellUnknown)
                    .stream()
                    .<JsonNode>map(HubOptions.Named::json)
                    .toList();
        }
        boolean listed = all || !names.stream().allMatch(HubOptions::isFull);
        List<JsonNode> rollouts = listed ? options.rollouts(hub) : List.of();
        if (!all) {
            return named(rollouts);
        }
        if (rollouts.isEmpty()) {
            throw new HubTrouble(ExitCodes.NOT_FOUND, "no rollouts");
        }
        return rollouts;
    }

    private List<JsonNode> named(List<JsonNode> rollouts) throws HubTrouble {
        Map<HubOptions.Named, JsonNode> found = new LinkedHashMap<>();
        rollouts.forEach(each -> found.put(HubOptions.Named.of(each), each));
        Set<HubOptions.Named> targets = new LinkedHashSet<>();
        List<String> wrong = new ArrayList<>();
        int worst = ExitCodes.AS_WISHED;
        for (String name : names) {
            try {
                targets.add(HubOptions.named(name, rollouts));
            } catch (HubTrouble trouble) {
                wrong.add(String.valueOf(trouble.getMessage()));
                worst = ExitCodes.worse(worst, trouble.code());
            }
        }
        if (!wrong.isEmpty()) {
            String besides = names.size() > 1 ? "; nothing was asked for" : "";
            throw new HubTrouble(worst, String.join("; ", wrong) + besides);
        }
        return targets.stream().map(each -> found.getOrDefault(each, each.json())).toList();
    }

    private void askBack(String action, List<HubOptions.Named> targets) throws HubTrouble {
        String some =
                targets.stream()
                        .limit(NAMED)
                        .map(HubOptions.Named::toString)
                        .collect(Collectors.joining(", "));
        String more =
                targets.size() > NAMED ? " and %d more".formatted(targets.size() - NAMED) : "";
        String what = "%s %d rollouts".formatted(action, targets.size());
        switch (Terminal.confirms("%s: %s%s? [y/N] ".formatted(what, some, more))) {
            case YES -> {
                // goes on
            }
            case NO ->
                    throw new HubTrouble(
                            ExitCodes.USAGE, "nothing was asked for; --yes asks for all");
            case NOBODY ->
                    throw new HubTrouble(
                            ExitCodes.USAGE,
                            "nothing was asked for: to %s takes somebody to confirm it, and there is"
                                            .formatted(what)
                                    + " no terminal; --yes asks for all, --dry-run says what"
                                    + " would be done");
        }
    }

    private ObjectNode body(String action, String gate) {
        ObjectNode body = Hub.JSON.createObjectNode();
        body.put("action", action);
        if (!reason.isEmpty()) {
            body.put("reason", reason);
        }
        if (!gate.isEmpty()) {
            body.put("gate", gate);
        }
        if (dryRun) {
            body.put("dryRun", true);
        }
        return body;
    }

    /** Lets it be done in what was seen alone: by the time it is taken, another run may go on. */
    private void addSeen(
            Hub hub, HubOptions.Named name, JsonNode target, String action, ObjectNode body)
            throws HubTrouble {
        if (run != 0) {
            body.put("run", run);
            return;
        }
        if (!OF_A_RUN.contains(action)) {
            return;
        }
        JsonNode seen = target.has("run") ? target : look(hub, name);
        long goesOn = seen.path("run").asLong();
        long sequence = seen.path("sequence").asLong();
        if (goesOn > 0) {
            body.put("run", goesOn);
        }
        if (sequence > 0 && OF_A_STEP.contains(action)) {
            body.put("ifSequence", sequence);
        }
    }

    /** A hub that cannot tell now is asked all the same: it knows the run when it takes it. */
    private JsonNode look(Hub hub, HubOptions.Named name) throws HubTrouble {
        try {
            return options.detail(hub, name).path("rollout");
        } catch (HubTrouble trouble) {
            if (trouble.code() != ExitCodes.HUB) {
                throw trouble;
            }
            return MissingNode.getInstance();
        }
    }

    private void tell(ActionResult result) {
        if (result.code() != ExitCodes.AS_WISHED) {
            List<String> possible = Texts.of(result.body().path("possible"));
            options.err()
                    .println(
                            "%s: %s%s"
                                    .formatted(
                                            result.rollout(),
                                            result.words(),
                                            possible.isEmpty()
                                                    ? ""
                                                    : "; possible now: "
                                                            + String.join(", ", possible)));
            return;
        }
        if (output.isName()) {
            options.out().println(result.rollout());
        } else if (!output.isData()) {
            JsonNode state = result.body().path("rollout");
            options.out()
                    .println(
                            "%s: %s%s"
                                    .formatted(
                                            result.rollout(),
                                            result.words(),
                                            state.isObject()
                                                    ? " (%s, canary %s %%)"
                                                            .formatted(
                                                                    state.path("phase").asText(),
                                                                    state.path("canaryWeight")
                                                                            .asText())
                                                    : ""));
        }
    }
}
