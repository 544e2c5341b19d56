package dev.serinus.dataplane;

import dev.serinus.testbed.Unavailable;
import dev.serinus.testbed.binaries.Unbuildable;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;

/** {@code deploy/serinus dataplane}. */
@Command(
        name = "dataplane",
        mixinStandardHelpOptions = true,
        description = "Releases through real proxies on this machine, with every request counted.",
        subcommands = {BuildCommand.class, RunCommand.class, DemoCommand.class})
public final class Main {

    Main() {}

    public static void main(String[] arguments) {
        System.exit(execute(arguments));
    }

    static int execute(String... arguments) {
        var line = new CommandLine(new Main());
        line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler(
                (trouble, at, _) -> {
                    if (trouble instanceof Unavailable || trouble instanceof Unbuildable) {
                        at.getErr().println("dataplane: " + trouble.getMessage());
                        return CommandLine.ExitCode.SOFTWARE;
                    }
                    throw trouble;
                });
        return line.execute(arguments);
    }
}
