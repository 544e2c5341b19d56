package dev.serinus.demo;

import dev.serinus.cli.DataDirectory;
import dev.serinus.cli.LocalSettings;
import dev.serinus.cli.Refused;
import dev.serinus.cli.Termination;
import dev.serinus.demo.load.LoadProgram;
import dev.serinus.demo.screen.LiveScreen;
import dev.serinus.schemas.shell.ErrorCauses;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;

/** {@code deploy/serinus demo}. */
@Command(
        name = "demo",
        sortOptions = false,
        description =
                "Shows Serinus at work on this machine: a good release is promoted, a bad one is"
                    + " taken back. Ends with 0 when both went as they should, with 1 otherwise.",
        footer = {
            "",
            "With --mesh traefik, contour or istio the same is played behind that proxy, built"
                    + " once",
            "on this machine: deploy/serinus demo --mesh traefik --help."
        })
public final class Main implements Callable<Integer> {

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "Where the broker's data and the log are kept (default: ${DEFAULT-VALUE}).")
    private Path data = LocalSettings.dataOf("demo");

    @Option(
            names = "--compare",
            description =
                    "The second release is one that is a fifth slower and within every threshold:"
                            + " it is taken back because the primary is faster.")
    private boolean compare;

    @Option(
            names = "--loadtester",
            description =
                    "Serinus' load tester sends requests to the canary at each check, with hey or"
                            + " else curl, and what it found is in the history.")
    private boolean loadtester;

    @Option(names = "--fresh", description = "Begin with an empty data directory.")
    private boolean fresh;

    @Option(names = "--keep", description = "Leave everything running after the story, to look at.")
    private boolean keep;

    @Option(
            names = {"--plain", "--headless"},
            description = "Plain lines, even on a terminal.")
    private boolean plain;

    @Option(
            names = "--http-port",
            paramLabel = "N",
            description = "Port of the read API (default: any free one).")
    private int httpPort;

    @Option(
            names = "--testbed",
            description =
                    "On a real Kubernetes control plane instead of the embedded API server; needs"
                            + " Go, and builds Kubernetes once.")
    private boolean testbed;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks for it
    private boolean help;

    /** Where it plays; null where the flags say. */
    private final @Nullable Setting setting;

    Main(@Nullable Setting setting) {
        this.setting = setting;
    }

    public static void main(String[] arguments) {
        System.exit(dev.serinus.cli.Main.execute(new Main(null), arguments));
    }

    /** The same story elsewhere. */
    public static int play(Setting setting, String... arguments) {
        return dev.serinus.cli.Main.execute(new Main(setting), arguments);
    }

    @Override
    public Integer call() throws Exception {
        LoadProgram load = loadtester ? load() : null;
        prepare(data, fresh);
        // Nothing has logged before: the logging framework finds its file by these.
        System.setProperty("serinus.demo.log", data.resolve("serinus.log").toString());
        System.setProperty("logback.configurationFile", "dev/serinus/demo/logback.xml");
        return Termination.guard(() -> play(load));
    }

    private int play(@Nullable LoadProgram load) throws InterruptedException {
        var out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (var screen = LiveScreen.orPlain(out, InstantSource.system(), plain)) {
            var where = setting == null ? new OwnSetting(testbed) : setting;
            var options = new DemoOptions(data, keep, compare, load, httpPort);
            return new Demo(options, where, screen).run() ? 0 : 1;
        }
    }

    private LoadProgram load() {
        if (compare || setting != null) {
            throw new Refused(List.of("--loadtester goes neither with --compare nor with --mesh"));
        }
        String path = System.getenv().getOrDefault("PATH", "");
        return LoadProgram.on(path)
                .orElseThrow(
                        () ->
                                new Refused(
                                        List.of(
                                                "--loadtester needs hey or curl, and neither is on"
                                                        + " PATH")));
    }

    private static void prepare(Path data, boolean fresh) {
        DataDirectory.check(data); // what another demo uses is not to be deleted
        try {
            if (fresh && Files.exists(data)) {
                delete(data, List.of("kafka", "analysis", "serinus.log", "loadtester.log"));
            }
            // The cluster begins empty each time, as the embedded one does.
            delete(data, List.of(Demo.TESTBED));
        } catch (IOException unwritable) {
            throw new Refused(
                    List.of(
                            "the data directory %s cannot be used: %s. Choose another with --data"
                                    .formatted(data, ErrorCauses.ofFile(unwritable))));
        }
    }

    // Only what a demo put there: a directory given by mistake keeps the rest of its files.
    private static void delete(Path data, List<String> all) throws IOException {
        for (String own : all) {
            Path path = data.resolve(own);
            if (Files.exists(path)) {
                Files.walkFileTree(path, new Deletion());
            }
        }
    }

    private static final class Deletion extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path directory, IOException trouble) {
            if (trouble != null) {
                throw new UncheckedIOException(trouble);
            }
            try {
                Files.delete(directory);
            } catch (IOException kept) {
                throw new UncheckedIOException(kept);
            }
            return FileVisitResult.CONTINUE;
        }
    }
}
