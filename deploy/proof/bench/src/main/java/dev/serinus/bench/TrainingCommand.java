package dev.serinus.bench;

import dev.serinus.bench.process.AotCaches;
import dev.serinus.bench.process.SerinusProcesses;
import dev.serinus.cli.Termination;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code deploy/serinus aot}. */
@Command(
        name = "aot",
        sortOptions = false,
        description =
                "Makes the JVM's ahead-of-time caches of the services, the broker and the"
                        + " all-in-one by one rollout with each, in about two minutes. A cache fits"
                        + " the JDK and the jars it was made with, where they lie now.")
public final class TrainingCommand implements Callable<Integer> {

    private final Path root = Path.of(System.getProperty("serinus.root"));

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where the caches are written (default: deploy/target/aot).")
    private Path out = AotCaches.place(root);

    @Option(
            names = "--jvm",
            paramLabel = "FLAGS",
            split = " ",
            description =
                    "Flags of each JVM: those it will be started with (default:"
                            + " ${DEFAULT-VALUE}).")
    private List<String> flags = List.of("-XX:+UseSerialGC");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks for it
    private boolean help;

    @Spec private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(dev.serinus.cli.Main.execute(new TrainingCommand(), arguments));
    }

    @Override
    public Integer call() throws Exception {
        System.setProperty("logback.configurationFile", "dev/serinus/bench/logback.xml");
        return Termination.guard(
                () ->
                        TemporaryDirectory.use(
                                this::say,
                                data -> {
                                    new Training(data, out, this::say)
                                            .run(
                                                    new SerinusProcesses(
                                                            root, data, flags, AotCaches.unused()));
                                    say("the caches are in " + out);
                                }));
    }

    private void say(String what) {
        spec.commandLine().getErr().println(what);
        spec.commandLine().getErr().flush();
    }
}
