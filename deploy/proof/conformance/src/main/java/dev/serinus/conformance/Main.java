package dev.serinus.conformance;

import dev.serinus.conformance.compare.Comparison;
import dev.serinus.conformance.compare.Declarations;
import dev.serinus.conformance.fast.FastStage;
import dev.serinus.conformance.real.RealOptions;
import dev.serinus.conformance.recording.Recording;
import dev.serinus.conformance.report.Reports;
import dev.serinus.conformance.run.Stage;
import dev.serinus.conformance.scenario.Library;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** {@code deploy/serinus conformance}. */
@Command(
        name = "conformance",
        sortOptions = false,
        description =
                "Plays scenarios that were recorded with Flagger and says what Serinus does"
                    + " otherwise. Ends with 0 when nothing differs but what is declared, with 1"
                    + " otherwise.")
public final class Main implements Callable<Integer> {

    private static final int SHOWN = 12;

    @Parameters(
            paramLabel = "GROUP|NAME",
            arity = "0..*",
            description =
                    "A scenario, or how the names of several begin (machine, router-istio); all of"
                            + " them when none is named.")
    private List<String> words = List.of();

    @Option(
            names = "--fast",
            description = "In memory and on a driven clock, which is the default.")
    @SuppressWarnings("UnusedVariable") // it says what happens anyway
    private boolean fast;

    @Mixin private RealOptions real = new RealOptions();

    @Option(
            names = "--reports",
            description =
                    "With --real: what people met in practice, which nobody recorded; says what is"
                            + " not as it has to be.")
    private boolean reports;

    @Option(names = "--show", description = "Tell each difference.")
    private boolean show;

    @Option(names = "--all", description = "With --show: all of them, not the first of each kind.")
    private boolean all;

    @Option(
            names = "--summary",
            description = "End with a table of the meshes: how many of their scenarios agree.")
    private boolean summary;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Keep what was recorded, one file for each scenario.")
    private @Nullable Path out;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks for it
    private boolean help;

    private final PrintStream print = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    public static void main(String[] arguments) {
        // Nothing has logged before: the logging framework finds its file by this.
        System.setProperty("logback.configurationFile", "dev/serinus/conformance/logback.xml");
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    /** What came of one scenario. */
    record Outcome(
            String name,
            Recording recording,
            Comparison comparison,
            int flaggersRequests,
            double took) {}

    @Override
    public Integer call() throws Exception {
        Library library = Library.here();
        List<String> names;
        try {
            names = reports ? library.reports(words) : library.names(words);
        } catch (IllegalArgumentException unknown) {
            System.err.println("conformance: " + unknown.getMessage());
            return 2;
        }
        if (fast && real.asked()) {
            System.err.println("conformance: --fast and --real exclude each other");
            return 2;
        }
        if (real.asked() && real.problem().isPresent()) {
            System.err.println("conformance: " + real.problem().orElseThrow());
            return 2;
        }
        if (reports && !real.asked()) {
            System.err.println("conformance: --reports needs --real");
            return 2;
        }
        long began = System.nanoTime();
        if (reports) {
            try (Stage stage = real.reportStage(library)) {
                return judge(library, stage, names);
            }
        }
        try (Stage stage = real.asked() ? real.stage(library) : new FastStage(library)) {
            var outcomes = play(library, stage, stage.inOrder(names));
            if (summary) {
                print.println(MeshSummary.of(library, outcomes));
            }
            return tell(outcomes, began);
        }
    }

    private List<Outcome> play(Library library, Stage stage, List<String> names) throws Exception {
        var declared = Declarations.of(library.declared());
        List<Outcome> outcomes = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(stage.atOnce())) {
            List<Future<Outcome>> played = new ArrayList<>();
            for (String name : names) {
                played.add(threads.submit(() -> play(library, stage, name, declared)));
            }
            for (Future<Outcome> each : played) {
                Outcome outcome = each.get();
                outcomes.add(outcome);
                print(outcome);
            }
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception cause ? cause : failed;
        }
        return outcomes;
    }

    private Outcome play(Library library, Stage stage, String name, Declarations declared)
            throws InterruptedException, IOException {
        long began = System.nanoTime();
        Recording actual = played(stage, name);
        if (out != null) {
            Files.createDirectories(out);
            Files.writeString(out.resolve(name + ".json"), actual.tree().toPrettyString() + "\n");
        }
        var comparison =
                Comparison.of(library.recording(name), Recording.of(actual.tree()), declared);
        return new Outcome(
                name,
                actual,
                comparison,
                library.recording(name).requestCount(),
                (System.nanoTime() - began) / 1e9);
    }

    private int judge(Library library, Stage stage, List<String> names) throws Exception {
        int wrong = 0;
        for (var each : Reports.play(library, stage, names, this::print)) {
            if (out != null) {
                Files.createDirectories(out);
                Files.writeString(
                        out.resolve(each.name() + ".json"),
                        each.recording().tree().toPrettyString() + "\n");
            }
            wrong += each.wrong().isEmpty() ? 0 : 1;
        }
        print.printf("%d of %d reports are right%n", names.size() - wrong, names.size());
        return wrong == 0 ? 0 : 1;
    }

    private void print(Reports.Outcome outcome) {
        print.printf(
                "%-45s %s %.0f s%n",
                outcome.name(),
                outcome.wrong().isEmpty() ? "right" : "WRONG",
                outcome.recording().seconds());
        outcome.wrong().forEach(line -> print.println("    " + line));
    }

    /** A mistake of ours ends its scenario, not the others. */
    private static Recording played(Stage stage, String name) throws InterruptedException {
        try {
            return stage.play(name);
        } catch (IllegalStateException | AssertionError mistake) {
            return new Recording(
                    name,
                    "serinus",
                    "ended by a mistake of ours: " + mistake.getMessage(),
                    List.of(),
                    List.of(),
                    List.of(),
                    List.of(),
                    Map.of(),
                    0);
        }
    }

    private void print(Outcome outcome) {
        var comparison = outcome.comparison();
        String error = outcome.recording().error();
        print.printf(
                "%-45s %s requests x%.2f %.1f s%s%n",
                outcome.name(),
                comparison.summary(),
                comparison.requests(),
                outcome.took(),
                error == null ? "" : " ERROR " + error);
        if (show) {
            comparison
                    .complaints(all ? Integer.MAX_VALUE : SHOWN)
                    .forEach(line -> print.println("    " + line));
        }
    }

    private int tell(List<Outcome> outcomes, long began) {
        long agree = outcomes.stream().filter(each -> each.comparison().agrees()).count();
        long declared =
                outcomes.stream()
                        .filter(each -> each.comparison().agrees())
                        .filter(each -> !each.comparison().declared().isEmpty())
                        .count();
        int ours = outcomes.stream().mapToInt(each -> each.recording().requestCount()).sum();
        int theirs = outcomes.stream().mapToInt(Outcome::flaggersRequests).sum();
        print.printf(
                "%d of %d scenarios agree, %d of them but for declared differences; %d differ;"
                        + " %.2f API requests for each of Flagger's; %.0f s%n",
                agree,
                outcomes.size(),
                declared,
                outcomes.size() - agree,
                ours / (double) Math.max(1, theirs),
                (System.nanoTime() - began) / 1e9);
        return agree == outcomes.size() ? 0 : 1;
    }
}
