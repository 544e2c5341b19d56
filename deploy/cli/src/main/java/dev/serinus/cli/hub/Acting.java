package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.Console;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Asks for an action and tells what became of it, the same for all of them. */
final class Acting {

    /** One answer waits ten seconds; so many are waited for before it is left to the hub. */
    private static final int LOOKS = 30;

    private static final Duration BETWEEN = Duration.ofSeconds(1);
    private static final int TRIES = 4;

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
            description = "All rollouts of the namespace or cluster that is named.")
    private boolean all;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why; it stays in the history.")
    private String reason = "";

    @Option(names = "--dry-run", description = "Only say whether it would be done.")
    private boolean dryRun;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask back before more than one.")
    private boolean yes;

    int ask(String action, String gate) throws InterruptedException {
        return options.work(hub -> ask(hub, action, gate));
    }

    private int ask(Hub hub, String action, String gate) throws HubTrouble, InterruptedException {
        List<HubOptions.Named> named = named(hub);
        if (named.size() > 1 && !yes && !dryRun && !confirmed(action, named)) {
            throw new HubTrouble(ExitCodes.USAGE, "nothing was asked for; --yes asks for all");
        }
        ArrayNode answers = Hub.JSON.createArrayNode();
        int worst = ExitCodes.AS_WISHED;
        for (HubOptions.Named each : named) {
            var answer = ask(hub, each, body(action, gate));
            ObjectNode told = Hub.JSON.createObjectNode();
            told.put("rollout", each.toString());
            told.put("status", answer.status());
            told.setAll((ObjectNode) answer.body());
            answers.add(told);
            if (worst == ExitCodes.AS_WISHED) {
                worst = ExitCodes.of(answer.status());
            }
            tell(each, answer);
        }
        boolean _ = output.prints(options.out(), answers);
        return worst;
    }

    private List<HubOptions.Named> named(Hub hub) throws HubTrouble {
        if (all == !names.isEmpty()) {
            throw new HubTrouble(ExitCodes.USAGE, "name rollouts, or say --all");
        }
        List<HubOptions.Named> found = new ArrayList<>();
        if (all) {
            options.rollouts(hub).forEach(each -> found.add(HubOptions.Named.of(each)));
            if (found.isEmpty()) {
                throw new HubTrouble(ExitCodes.NOT_FOUND, "no rollouts");
            }
        }
        for (String name : names) {
            found.add(options.named(hub, name));
        }
        return found;
    }

    /** Where nobody can be asked back, whoever wrote the command meant it. */
    private static boolean confirmed(String action, List<HubOptions.Named> named) {
        return Optional.ofNullable(System.console())
                .filter(Console::isTerminal)
                .map(
                        console -> // none where the input ends
                        Objects.requireNonNullElse(
                                        console.readLine(
                                                "%s %d rollouts %s? [y/N] ",
                                                action, named.size(), named),
                                        ""))
                .map(answer -> answer.strip().toLowerCase(Locale.ROOT).startsWith("y"))
                .orElse(true);
    }

    private JsonNode body(String action, String gate) {
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

    /** Repeated under the same key it is done once, however often the line breaks. */
    private static Hub.Answer ask(Hub hub, HubOptions.Named named, JsonNode body)
            throws HubTrouble, InterruptedException {
        String key = UUID.randomUUID().toString();
        HubTrouble last = null;
        for (int i = 0; i < TRIES; i++) {
            try {
                var answer = hub.post(named.path() + "/actions", body, key);
                if (answer.status() != 503) {
                    return decided(hub, answer);
                }
                last = answer.trouble();
            } catch (HubTrouble trouble) {
                if (trouble.code() != ExitCodes.HUB) {
                    throw trouble;
                }
                last = trouble;
            }
            Thread.sleep(BETWEEN);
        }
        throw last == null ? new HubTrouble(ExitCodes.HUB, "the hub does not answer") : last;
    }

    private static Hub.Answer decided(Hub hub, Hub.Answer first)
            throws HubTrouble, InterruptedException {
        var answer = first;
        String location = first.location();
        for (int i = 0; i < LOOKS && answer.status() == 202 && location != null; i++) {
            Thread.sleep(BETWEEN);
            answer = hub.get(location);
        }
        if (answer.status() == 202) {
            throw new HubTrouble(ExitCodes.TIMED_OUT, answer.body().path("message").asText());
        }
        return answer;
    }

    private void tell(HubOptions.Named named, Hub.Answer answer) {
        JsonNode body = answer.body();
        if (ExitCodes.of(answer.status()) != ExitCodes.AS_WISHED) {
            List<String> possible = Texts.of(body.path("possible"));
            options.err()
                    .println(
                            "%s: %s%s"
                                    .formatted(
                                            named,
                                            answer.words(),
                                            possible.isEmpty()
                                                    ? ""
                                                    : "; possible now: "
                                                            + String.join(", ", possible)));
            return;
        }
        if (output.isName()) {
            options.out().println(named);
        } else if (!output.isData()) {
            JsonNode rollout = body.path("rollout");
            options.out()
                    .println(
                            "%s: %s (%s, canary %s %%)"
                                    .formatted(
                                            named,
                                            body.path("message").asText(),
                                            rollout.path("phase").asText(),
                                            rollout.path("canaryWeight").asText()));
        }
    }
}
