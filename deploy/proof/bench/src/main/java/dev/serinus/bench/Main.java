package dev.serinus.bench;

import dev.serinus.bench.figures.Report;
import dev.serinus.bench.process.AotCaches;
import dev.serinus.cli.Refused;
import dev.serinus.cli.Termination;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;

/** {@code deploy/serinus bench}. */
@Command(
        name = "bench",
        sortOptions = false,
        description =
                "Measures start-up, memory, latency and CPU of Serinus on this machine, in about"
                        + " five minutes. Prints a table and writes the same as JSON.")
public final class Main implements Callable<Integer> {

    private static final int STARTS = 3;
    private static final Duration SATURATION = Duration.ofSeconds(10);
    private static final Duration CALM = Duration.ofSeconds(4);
    private static final Duration REST = Duration.ofMinutes(1);

    /** With more of them two cores are not done with a step within ten seconds. */
    private static final int MANY = 200;

    private final Path root = Path.of(System.getProperty("serinus.root"));

    @Option(
            names = "--canaries",
            paramLabel = "N",
            description = "Canaries that progress at once (default: ${DEFAULT-VALUE}).")
    private int canaries = 200;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description =
                    "Measured rounds of rollouts of all canaries (default: ${DEFAULT-VALUE}).")
    private int rounds = 2;

    @Option(
            names = "--only",
            paramLabel = "startup|latency|cpu|testbed|scale",
            split = ",",
            description =
                    "Measure only this (default: everything but testbed and scale, which take five"
                            + " minutes more each and a real control plane's programs).")
    private List<Section> only = List.of();

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "Where the figures are written as JSON (default: ${DEFAULT-VALUE}).")
    private Path out = Path.of("serinus-bench.json");

    @Option(
            names = "--interval-seconds",
            paramLabel = "N",
            description = "Interval of the canaries' analysis (default: ${DEFAULT-VALUE}).")
    private int interval = 4;

    @Option(
            names = "--testbed-interval-seconds",
            paramLabel = "N",
            description = "The same on the test bed's control plane (default: ${DEFAULT-VALUE}).")
    private int testbedInterval = 12;

    @Option(
            names = "--scale-interval-seconds",
            paramLabel = "N",
            description =
                    "The same where the cost at scale is measured (default: 10, above 200 canaries"
                            + " 30).")
    private @Nullable Integer scaleInterval;

    @Option(
            names = "--root",
            paramLabel = "DIR",
            description =
                    "Measure what another checkout has built instead of this one, such as an"
                            + " earlier commit.")
    private Path measured = root;

    @Option(
            names = "--jvm",
            paramLabel = "FLAGS",
            split = " ",
            description =
                    "Flags of each JVM that is measured (default: ${DEFAULT-VALUE}); at scale it is"
                            + " started as deploy/serinus run starts it, with SERINUS_JAVA_OPTS.")
    private List<String> flags = List.of("-XX:+UseSerialGC", "-Xms32m", "-Xmx256m");

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks for it
    private boolean help;

    @Spec private CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(dev.serinus.cli.Main.execute(new Main(), arguments));
    }

    @Override
    public Integer call() throws Exception {
        check();
        System.setProperty("logback.configurationFile", "dev/serinus/bench/logback.xml");
        return Termination.guard(this::measure);
    }

    private void check() {
        List<String> wrong = new ArrayList<>();
        if (canaries < 1 || canaries > 1_000) {
            wrong.add("--canaries must be 1 to 1000, was " + canaries);
        }
        if (rounds < 1 || rounds > 20) {
            wrong.add("--rounds must be 1 to 20, was " + rounds);
        }
        if (interval < 1 || interval > 60) {
            wrong.add("--interval-seconds must be 1 to 60, was " + interval);
        }
        if (testbedInterval < 1 || testbedInterval > 60) {
            wrong.add("--testbed-interval-seconds must be 1 to 60, was " + testbedInterval);
        }
        if (scaleInterval != null && (scaleInterval < 1 || scaleInterval > 120)) {
            wrong.add("--scale-interval-seconds must be 1 to 120, was " + scaleInterval);
        }
        if (!Files.isExecutable(measured.resolve("deploy/serinus"))) {
            wrong.add("--root must be a checkout with deploy/serinus in it, was " + measured);
        }
        if (!Files.isReadable(Path.of("/proc/self/stat"))) {
            wrong.add("CPU and memory are read from /proc, which this system does not have");
        }
        if (!wrong.isEmpty()) {
            throw new Refused(wrong);
        }
    }

    private int measure() throws IOException, InterruptedException {
        return TemporaryDirectory.use(
                this::say,
                data -> {
                    Report report =
                            new Bench(measured, data, options(), this::say, true)
                                    .measure(sections());
                    report.write(out);
                    spec.commandLine().getOut().println(report.table());
                    spec.commandLine().getOut().flush();
                    say("the same as JSON is in " + out);
                });
    }

    private BenchOptions options() {
        return new BenchOptions(
                canaries,
                rounds,
                Duration.ofSeconds(interval),
                Duration.ofSeconds(testbedInterval),
                Duration.ofSeconds(
                        Objects.requireNonNullElse(scaleInterval, canaries > MANY ? 30 : 10)),
                REST,
                STARTS,
                SATURATION,
                CALM,
                flags,
                AotCaches.place(measured));
    }

    private Set<Section> sections() {
        return only.isEmpty()
                ? EnumSet.complementOf(EnumSet.copyOf(Section.ON_REQUEST))
                : EnumSet.copyOf(only);
    }

    private void say(String what) {
        spec.commandLine().getErr().println(what);
        spec.commandLine().getErr().flush();
    }
}
