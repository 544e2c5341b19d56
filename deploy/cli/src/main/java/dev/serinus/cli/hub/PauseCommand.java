package dev.serinus.cli.hub;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

import java.util.concurrent.Callable;

/** Hold where it is: nothing advances, and metrics are not checked. */
@Command(
        name = "pause",
        description =
                "Hold where it is: nothing advances, and metrics are not checked. Pods that stop"
                        + " serving lose their traffic all the same.",
        footer = ExitCodes.HELP,
        exitCodeOnExecutionException = ExitCodes.HUB,
        mixinStandardHelpOptions = true)
public final class PauseCommand implements Callable<Integer> {

    @Mixin private Acting acting = new Acting();

    @Override
    public Integer call() throws InterruptedException {
        return acting.ask("pause", "");
    }
}
