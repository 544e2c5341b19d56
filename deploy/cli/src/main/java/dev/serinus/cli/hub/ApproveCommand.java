package dev.serinus.cli.hub;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.util.concurrent.Callable;

/** Opens a gate in place of its webhook. */
@Command(
        name = "approve",
        description = "Open the gate at which it waits, as if its webhook said yes.",
        footer = ExitCodes.HELP,
        exitCodeOnExecutionException = ExitCodes.HUB,
        mixinStandardHelpOptions = true)
public final class ApproveCommand implements Callable<Integer> {

    @Mixin private Acting acting = new Acting();

    @Option(
            names = "--gate",
            paramLabel = "NAME",
            description = "Only the gate of the webhook of this name.")
    private String gate = "";

    @Override
    public Integer call() throws InterruptedException {
        return acting.ask("approve", gate);
    }
}
