package dev.serinus.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.cli.deadletters.DeadLettersCommand;
import dev.serinus.cli.hub.AbortCommand;
import dev.serinus.cli.hub.ApproveCommand;
import dev.serinus.cli.hub.AuditCommand;
import dev.serinus.cli.hub.DashboardCommand;
import dev.serinus.cli.hub.DescribeCommand;
import dev.serinus.cli.hub.GetCommand;
import dev.serinus.cli.hub.HistoryCommand;
import dev.serinus.cli.hub.PauseCommand;
import dev.serinus.cli.hub.PromoteCommand;
import dev.serinus.cli.hub.ResumeCommand;
import dev.serinus.cli.hub.RetryCommand;
import dev.serinus.cli.hub.SkipCommand;
import dev.serinus.cli.hub.WaitCommand;
import dev.serinus.cli.hub.WatchCommand;
import dev.serinus.cli.manifest.DiffCommand;
import dev.serinus.cli.manifest.LintCommand;
import dev.serinus.cli.manifest.PlanCommand;
import dev.serinus.cli.manifest.RevisionCommand;
import dev.serinus.schemas.shell.ErrorCauses;
import dev.serinus.schemas.shell.Version;

import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

import java.io.PrintWriter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The commands of {@code deploy/serinus} that work on a real cluster. */
@Command(
        name = "serinus",
        subcommands = {
            RunCommand.class,
            DashboardCommand.class,
            GetCommand.class,
            DescribeCommand.class,
            HistoryCommand.class,
            AuditCommand.class,
            WatchCommand.class,
            WaitCommand.class,
            PauseCommand.class,
            ResumeCommand.class,
            PromoteCommand.class,
            AbortCommand.class,
            RetryCommand.class,
            SkipCommand.class,
            ApproveCommand.class,
            PlanCommand.class,
            DiffCommand.class,
            LintCommand.class,
            RevisionCommand.class,
            ReplayCommand.class,
            CompletionCommand.class,
            CrdsCommand.class,
            DeadLettersCommand.class,
            DoctorCommand.class,
            EventsCommand.class,
            HandbackCommand.class,
            TopicsCommand.class,
            UninstallCommand.class
        })
public final class Main {

    /** By which name people called it, where that is none of the script's own. */
    private static final String CALLED = "serinus.called";

    private static final Pattern ONE_DASH = Pattern.compile("-[a-z][a-z_-]+(=.*)?", Pattern.DOTALL);

    /** All commands, for {@link #execute}. */
    public Main() {}

    public static void main(String[] arguments) {
        System.exit(execute(new Main(), arguments));
    }

    /**
     * Runs a command as every command of {@code deploy/serinus} is run: all wrong flags are told at
     * once, and trouble that was expected comes as a sentence, never as a stack trace. Other
     * trouble ends with the code that the command has for it, so that it is never taken for an
     * answer.
     */
    public static int execute(Object command, String... arguments) {
        // What a command prints is data: the log never goes with it, whoever logs first.
        new LogOptions().settings(System.getenv()).forEach(System::setProperty);
        return execute(command, new PrintWriter(System.err, true, UTF_8), arguments);
    }

    static int execute(Object command, PrintWriter errors, String... arguments) {
        var line = new CommandLine(command);
        line.setErr(errors);
        prepare(line);
        return line.execute(withValues(line, twoDashes(arguments)));
    }

    /** Makes a command behave as every command of {@code deploy/serinus} does. */
    static void prepare(CommandLine line) {
        prepare(line, System.getProperty(CALLED));
    }

    /**
     * The same.
     *
     * @param called by which name people called it; null for the script's own
     */
    static void prepare(CommandLine line, @Nullable String called) {
        if (called != null) {
            line.setCommandName(called);
        }
        line.setPosixClusteredShortOptionsAllowed(false);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.registerConverter(Boolean.class, new GoBoolean());
        line.registerConverter(boolean.class, new GoBoolean());
        collectErrors(line);
        takeLast(line);
        tellVersion(line);
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
                        new Refused(wrong).tell(last.commandSpec());
                        line.getErr()
                                .printf(
                                        "%s%s --help lists all flags%n",
                                        called == null ? "deploy/" : "",
                                        last.commandSpec().qualifiedName());
                        return CommandLine.ExitCode.USAGE;
                    }
                    return new CommandLine.RunLast().execute(parsed);
                });
        line.setExecutionExceptionHandler(
                (trouble, at, _) -> {
                    PrintWriter err = at.getErr();
                    if (trouble instanceof Refused refused) {
                        refused.tell(at.getCommandSpec());
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
                    return at.getCommandSpec().exitCodeOnExecutionException();
                });
    }

    /** Flagger's flags are Go's, in which one dash is as good as two. */
    static String[] twoDashes(String... arguments) {
        return Stream.of(arguments)
                .map(argument -> ONE_DASH.matcher(argument).matches() ? "-" + argument : argument)
                .toArray(String[]::new);
    }

    /**
     * A switch that may be followed by a value never takes the next argument for it, as in Go: that
     * may be a flag of its own, which would be lost without a word.
     */
    static String[] withValues(CommandLine line, String... arguments) {
        Map<String, String> switches = new HashMap<>();
        addSwitches(line, switches);
        return Stream.of(arguments)
                .map(argument -> argument + switches.getOrDefault(argument, ""))
                .toArray(String[]::new);
    }

    private static void addSwitches(CommandLine line, Map<String, String> switches) {
        for (OptionSpec option : line.getCommandSpec().options()) {
            String otherwise = option.fallbackValue();
            if (option.arity().min() == 0 && option.arity().max() == 1 && otherwise != null) {
                for (String name : option.names()) {
                    switches.put(name, "=" + otherwise);
                }
            }
        }
        line.getSubcommands().values().forEach(each -> addSwitches(each, switches));
    }

    /** Every command answers {@code --version}. */
    private static void tellVersion(CommandLine line) {
        CommandSpec spec = line.getCommandSpec();
        spec.versionProvider(() -> new String[] {Version.current().line()});
        if (!spec.optionsMap().containsKey("--version")) {
            spec.addOption(
                    OptionSpec.builder("--version")
                            .versionHelp(true)
                            .description("Print version and commit.")
                            .build());
        }
        line.getSubcommands().values().forEach(Main::tellVersion);
    }

    /** As Go's flags do: a chart's own and those that a user adds may be the same. */
    private static void takeLast(CommandLine line) {
        CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF); // it would warn of each
        line.setOverwrittenOptionsAllowed(true);
    }

    private static void collectErrors(CommandLine line) {
        line.getCommandSpec().parser().collectErrors(true);
        line.getSubcommands().values().forEach(Main::collectErrors);
    }
}
