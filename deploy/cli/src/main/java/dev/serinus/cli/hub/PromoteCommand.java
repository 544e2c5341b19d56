package dev.serinus.cli.hub;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

/** Promote at once what waits at a step: the rest of the analysis is skipped. */
@Command(
        name = "promote",
        description = "Promote at once what waits at a step: the rest of the analysis is skipped.",
        footer = ExitCodes.HELP,
        exitCodeOnExecutionException = ExitCodes.HUB,
        mixinStandardHelpOptions = true)
public final class PromoteCommand implements Callable<Integer> {

    @Mixin private Acting acting = new Acting();

    @Override
    public Integer call() throws InterruptedException {
        return acting.ask("promote", "");
    }
}
