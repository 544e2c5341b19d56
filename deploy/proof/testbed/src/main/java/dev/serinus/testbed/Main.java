package dev.serinus.testbed;

import dev.serinus.schemas.shell.ErrorCauses;
import dev.serinus.testbed.binaries.Unbuildable;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** {@code deploy/serinus testbed}. */
@Command(
        name = "testbed",
        mixinStandardHelpOptions = true,
        description = "A real Kubernetes control plane on this machine, without containers.",
        subcommands = {BuildCommand.class, UpCommand.class, StatusCommand.class, DownCommand.class})
public final class Main {

    Main() {}

    public static void main(String[] arguments) {
        // In a file that nobody finds by itself: in tests this jar must not decide what is logged.
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty(
                    "logback.configurationFile", "dev/serinus/testbed/command-logback.xml");
        }
        var line = new CommandLine(new Main());
        line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler(
                (trouble, at, _) -> {
                    if (trouble instanceof Unavailable || trouble instanceof Unbuildable) {
                        at.getErr().println("testbed: " + trouble.getMessage());
                        return CommandLine.ExitCode.SOFTWARE;
                    }
                    if (trouble instanceof UncheckedIOException file) {
                        at.getErr()
                                .println(
                                        "testbed: %s: %s"
                                                .formatted(
                                                        file.getMessage(),
                                                        ErrorCauses.shortest(file)));
                        return CommandLine.ExitCode.SOFTWARE;
                    }
                    throw trouble;
                });
        System.exit(line.execute(arguments));
    }
}
