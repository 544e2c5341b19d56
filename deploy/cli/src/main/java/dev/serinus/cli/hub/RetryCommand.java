package dev.serinus.cli.hub;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

/** Run the present revision again, at rest. */
@Command(
        name = "retry",
        description = "Run the present revision again, at rest.",
        footer = ExitCodes.HELP,
        exitCodeOnExecutionException = ExitCodes.HUB,
        mixinStandardHelpOptions = true)
public final class RetryCommand implements Callable<Integer> {

    @Mixin private Acting acting = new Acting();

    @Override
    public Integer call() throws InterruptedException {
        return acting.ask("retry", "");
    }
}
