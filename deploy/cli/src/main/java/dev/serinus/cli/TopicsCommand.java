package dev.serinus.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What concerns the topics of an existing Kafka. */
@Command(
        name = "topics",
        mixinStandardHelpOptions = true,
        description =
                "The topics of a hub and of its clusters on an existing Kafka, and who may do what"
                        + " there.",
        subcommands = {TopicsApplyCommand.class, TopicsDiffCommand.class, TopicsAclsCommand.class})
final class TopicsCommand implements Runnable {

    @Spec private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "say what to do: topics apply, diff or acls");
    }
}
