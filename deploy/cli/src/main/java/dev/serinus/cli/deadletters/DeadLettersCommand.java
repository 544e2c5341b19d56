package dev.serinus.cli.deadletters;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What was set aside, since no service could use it. */
@Command(
        name = "dead-letters",
        mixinStandardHelpOptions = true,
        description = "Records that were set aside since no service could use them.",
        subcommands = {ListCommand.class, ShowCommand.class, ReplayLettersCommand.class})
public final class DeadLettersCommand implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "say what to do: dead-letters list, show or replay");
    }
}
