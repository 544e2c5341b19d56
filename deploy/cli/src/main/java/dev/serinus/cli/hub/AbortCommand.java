package dev.serinus.cli.hub;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

/** Take the canary back. */
@Command(
        name = "abort",
        description = "Take the canary back.",
        footer = ExitCodes.HELP,
        exitCodeOnExecutionException = ExitCodes.HUB,
        mixinStandardHelpOptions = true)
public final class AbortCommand implements Callable<Integer> {

    @Mixin private Acting acting = new Acting();

    @Override
    public Integer call() throws InterruptedException {
        return acting.ask("abort", "");
    }
}
