package dev.serinus.conformance.report;

import dev.serinus.conformance.recording.Recording;
import dev.serinus.conformance.run.Stage;
import dev.serinus.conformance.scenario.Library;
import dev.serinus.conformance.scenario.Scenario;
import dev.serinus.conformance.scenario.SinkAddress;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/** Plays reports beside each other and judges each. */
public final class Reports {

    private static final SinkAddress NONE = new SinkAddress("", "");

    private Reports() {}

    /**
     * What came of one report.
     *
     * @param wrong what is not right, each with its time
     */
    public record Outcome(String name, Recording recording, List<String> wrong) {
        public Outcome {
            wrong = List.copyOf(wrong);
        }
    }

    /** Plays these, tells each as soon as all before it are done, and returns them in order. */
    public static List<Outcome> play(
            Library library, Stage stage, List<String> names, Consumer<Outcome> done)
            throws InterruptedException {
        List<Outcome> outcomes = new ArrayList<>();
        try (var threads = Executors.newFixedThreadPool(stage.atOnce())) {
            List<Future<Outcome>> played = new ArrayList<>();
            for (String name : names) {
                played.add(
                        threads.submit(
                                () -> judged(library.scenario(name, NONE), stage.play(name))));
            }
            for (Future<Outcome> each : played) {
                Outcome outcome = each.get();
                outcomes.add(outcome);
                done.accept(outcome);
            }
        } catch (ExecutionException failed) {
            throw new IllegalStateException("a report cannot be played", failed.getCause());
        }
        return outcomes;
    }

    /** Judges what was recorded of a report. */
    public static Outcome judged(Scenario scenario, Recording recording) {
        List<String> wrong = new ArrayList<>();
        if (recording.error() != null) {
            wrong.add("it did not get to its end: " + recording.error());
        }
        var played = PlayedReport.of(recording);
        scenario.right().stream().map(ReportRule::of).forEach(it -> wrong.addAll(it.wrong(played)));
        return new Outcome(scenario.name(), recording, wrong);
    }
}
