package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.Console;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Shows a rollout as it goes on. */
@Command(
        name = "watch",
        description =
                "Show one rollout as it goes on: weights, metrics against their bounds, what it"
                        + " waits for, what happened. Ends with Ctrl-C.",
        footer = ExitCodes.HELP,
        exitCodeOnExecutionException = ExitCodes.HUB,
        mixinStandardHelpOptions = true)
public final class WatchCommand implements Callable<Integer> {

    private static final Duration BETWEEN = Duration.ofSeconds(1);

    /** To the upper left corner, and nothing below the cursor. */
    private static final String CLEAR = "\u001b[H\u001b[2J\u001b[3J";

    @Mixin private HubOptions options = new HubOptions();

    @Parameters(
            paramLabel = "NAME",
            description = "NAME, NAMESPACE/NAME or CLUSTER/NAMESPACE/NAME.")
    private String name = "";

    @Option(names = "--once", description = "Show it once.")
    private boolean once;

    @Option(
            names = "--no-color",
            description = "Without colours, as where NO_COLOR is set and where no terminal is.")
    private boolean noColor;

    @Override
    public Integer call() throws InterruptedException {
        return options.work(this::watch);
    }

    private int watch(Hub hub) throws HubTrouble, InterruptedException {
        boolean terminal = isTerminal();
        String colorless = System.getenv("NO_COLOR");
        boolean colors = terminal && !noColor && (colorless == null || colorless.isEmpty());
        var named = options.named(hub, name);
        List<String> shown = List.of();
        while (true) {
            try {
                List<String> lines = lines(options.detail(hub, named), colors);
                // Off a terminal, what did not change is not repeated.
                if (terminal || !lines.equals(shown)) {
                    show(lines, terminal && !once);
                    shown = lines;
                }
            } catch (HubTrouble away) {
                if (once || away.code() != ExitCodes.HUB) {
                    throw away;
                }
                options.err().println("serinus: " + away.getMessage() + "; trying again");
            }
            if (once) {
                return ExitCodes.AS_WISHED;
            }
            Thread.sleep(BETWEEN);
        }
    }

    private static List<String> lines(JsonNode detail, boolean colors) {
        return new RolloutPicture(Instant.now(), ZoneId.systemDefault(), colors).of(detail);
    }

    private void show(List<String> lines, boolean inPlace) {
        var out = options.out();
        if (inPlace) {
            out.print(CLEAR);
        }
        lines.forEach(out::println);
        if (!inPlace && !once) {
            out.println();
        }
        out.flush();
    }

    private static boolean isTerminal() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }
}
