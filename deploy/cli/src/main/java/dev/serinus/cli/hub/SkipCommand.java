package dev.serinus.cli.hub;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

/** Go on to the next step without waiting for this one or judging it. */
@Command(
        name = "skip",
        description = "Go on to the next step without waiting for this one or judging it.",
        footer = ExitCodes.HELP,
        exitCodeOnExecutionException = ExitCodes.HUB,
        mixinStandardHelpOptions = true)
public final class SkipCommand implements Callable<Integer> {

    @Mixin private Acting acting = new Acting();

    @Override
    public Integer call() throws InterruptedException {
        return acting.ask("skip", "");
    }
}
