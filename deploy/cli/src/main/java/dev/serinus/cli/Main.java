package dev.serinus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.shell.ErrorCauses;

import org.slf4j.LoggerFactory;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.io.PrintWriter;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The commands of {@code deploy/serinus} that work on a real cluster. */
@Command(
        name = "serinus",
        subcommands = {
            RunCommand.class,
            CrdsCommand.class,
            HandbackCommand.class,
            UninstallCommand.class
        })
public final class Main {

    private static final Pattern ONE_DASH = Pattern.compile("-[a-z][a-z-]+(=.*)?");

    /** All commands, for {@link #execute}. */
    public Main() {}

    public static void main(String[] arguments) {
        System.exit(execute(new Main(), arguments));
    }

    /**
     * Runs a command as every command of {@code deploy/serinus} is run: all wrong flags are told at
     * once, and trouble that was expected comes as a sentence, never as a stack trace.
     */
    public static int execute(Object command, String... arguments) {
        return execute(command, new PrintWriter(System.err, true, UTF_8), arguments);
    }

    static int execute(Object command, PrintWriter errors, String... arguments) {
        var line = new CommandLine(command);
        line.setErr(errors);
        line.setPosixClusteredShortOptionsAllowed(false);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        collectErrors(line);
        line.setExecutionStrategy(
                parsed -> {
                    CommandLine.ParseResult last = parsed;
                    while (last.subcommand() != null) {
                        last = last.subcommand();
                    }
                    List<String> wrong =
                            parsed.asCommandLineList().stream()
                                    .flatMap(at -> at.getParseResult().errors().stream())
                                    .map(Throwable::getMessage)
                                    .distinct()
                                    .toList();
                    if (!wrong.isEmpty() && !CommandLine.printHelpIfRequested(parsed)) {
                        new Refused(wrong).tell(line.getErr());
                        return CommandLine.ExitCode.USAGE;
                    }
                    return new CommandLine.RunLast().execute(parsed);
                });
        line.setExecutionExceptionHandler(
                (trouble, at, _) -> {
                    PrintWriter err = at.getErr();
                    if (trouble instanceof Refused refused) {
                        refused.tell(err);
                        return CommandLine.ExitCode.USAGE;
                    }
                    LoggerFactory.getLogger(Main.class)
                            .atError()
                            .setCause(trouble)
                            .log("ended by trouble that was not expected");
                    err.println(
                            "serinus failed: "
                                    + ErrorCauses.shortest(trouble)
                                    + " (the log tells where)");
                    return CommandLine.ExitCode.SOFTWARE;
                });
        return line.execute(twoDashes(arguments));
    }

    /** Flagger's flags are Go's, in which one dash is as good as two. */
    static String[] twoDashes(String... arguments) {
        return Stream.of(arguments)
                .map(argument -> ONE_DASH.matcher(argument).matches() ? "-" + argument : argument)
                .toArray(String[]::new);
    }

    private static void collectErrors(CommandLine line) {
        line.getCommandSpec().parser().collectErrors(true);
        line.getSubcommands().values().forEach(Main::collectErrors);
    }
}
