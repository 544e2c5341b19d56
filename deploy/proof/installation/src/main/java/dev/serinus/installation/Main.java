package dev.serinus.installation;

import dev.serinus.testbed.binaries.Unbuildable;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** {@code deploy/serinus helm}. */
@Command(
        name = "helm",
        mixinStandardHelpOptions = true,
        description = "Helm, for the tests of the chart.",
        subcommands = {BuildCommand.class, KustomizeCommand.class})
public final class Main {

    Main() {}

    public static void main(String[] arguments) {
        var line = new CommandLine(new Main());
        line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        line.setExecutionExceptionHandler(
                (trouble, at, _) -> {
                    if (trouble instanceof Unbuildable) {
                        at.getErr().println("helm: " + trouble.getMessage());
                        return CommandLine.ExitCode.SOFTWARE;
                    }
                    throw trouble;
                });
        System.exit(line.execute(arguments));
    }
}
