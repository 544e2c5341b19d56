package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.Durations;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits until a rollout came to something, for pipelines. */
@Command(
        name = "wait",
        description =
                "Wait until a rollout was promoted, or came to something else. It ends at once when"
                    + " that cannot come any more; a hub that is away for a while is waited for.",
        footer = ExitCodes.HELP,
        exitCodeOnExecutionException = ExitCodes.HUB,
        mixinStandardHelpOptions = true)
public final class WaitCommand implements Callable<Integer> {

    private static final Duration BETWEEN = Duration.ofSeconds(1);

    @Mixin private HubOptions options = new HubOptions();

    @Parameters(
            paramLabel = "NAME",
            description = "NAME, NAMESPACE/NAME or CLUSTER/NAMESPACE/NAME.")
    private String name = "";

    @Option(
            names = "--for",
            paramLabel = "promoted|done|gate|paused",
            description =
                    "What is waited for: that the primary runs it (never in a dry run), that the"
                            + " run ended however it did, that a gate waits, that it is paused"
                            + " (default: promoted).")
    private Outcome.Goal goal = Outcome.Goal.PROMOTED;

    @Option(
            names = "--revision",
            paramLabel = "REVISION",
            description =
                    "Of this revision, which an image names too, or its tag where it has but one"
                            + " image; without it the one that is being rolled out, or was last."
                            + " An image names each revision that has it: of releases that change"
                            + " settings alone, name the revision.")
    private @Nullable String revision;

    @Option(
            names = "--timeout",
            paramLabel = "DURATION",
            description =
                    "How long at most, such as 30m (default: ${DEFAULT-VALUE}); 0s looks once. Then"
                            + " it ends with 7 where a person is waited for, and else with 124.")
    private String timeout = "10m";

    @Override
    public Integer call() throws InterruptedException {
        return options.work(this::await);
    }

    private int await(Hub hub) throws HubTrouble, InterruptedException {
        Duration patience =
                Durations.parse(timeout)
                        .filter(it -> !it.isNegative())
                        .orElseThrow(
                                () ->
                                        new HubTrouble(
                                                ExitCodes.USAGE,
                                                "--timeout must be a duration such as 30s or 10m;"
                                                        + " found '%s'".formatted(timeout)));
        long end = System.nanoTime() + patience.toNanos();
        hub.waitsForNoStart();
        var outcome = new Outcome(goal, revision);
        HubOptions.Named named = null;
        String told = "";
        while (true) {
            try {
                if (named == null) {
                    named = options.named(hub, name);
                }
                JsonNode rollout = options.detail(hub, named).path("rollout");
                String line = line(rollout);
                if (!line.equals(told)) {
                    options.out().println(line);
                    options.out().flush();
                    told = line;
                }
                var code = outcome.of(rollout);
                if (code.isPresent()) {
                    if (goal == Outcome.Goal.PROMOTED && Outcome.isTried(rollout)) {
                        options.err()
                                .println(
                                        "serinus: this is a dry run, which promotes nothing; --for"
                                                + " done waits for its end");
                    }
                    return code.get();
                }
            } catch (HubTrouble away) {
                if (away.code() != ExitCodes.HUB || System.nanoTime() >= end) {
                    throw away;
                }
            }
            if (System.nanoTime() >= end) {
                options.err().println("serinus: time-out after " + timeout);
                return outcome.late();
            }
            Thread.sleep(BETWEEN);
        }
    }

    private static String line(JsonNode rollout) {
        String waits = rollout.path("waitingFor").asText();
        return "%s: %s, revision %s, canary %s %%%s"
                .formatted(
                        HubOptions.Named.of(rollout),
                        Texts.phase(rollout),
                        rollout.path("revision").asText(),
                        rollout.path("canaryWeight").asText(),
                        waits.isEmpty() ? "" : ", waiting for " + waits);
    }
}
