package dev.serinus.dataplane.story;

import dev.serinus.dataplane.cluster.Weights;
import dev.serinus.dataplane.traffic.Answer;
import dev.serinus.dataplane.traffic.Load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A good release is promoted, a bad one taken back, and then the primary is restarted. */
final class ReleaseStory implements Story {

    private static final String APP = "release";
    private static final int PER_SECOND = 300;

    /** In points: what the split that is served may differ from the declared one. */
    private static final double TOLERANCE = 3;

    private static final int ENOUGH = 500;

    @Override
    public String name() {
        return APP;
    }

    @Override
    public void play(Stage stage) throws InterruptedException {
        stage.found(APP, "canary-weights.yaml");
        try (var weights = stage.weights(APP);
                var load = stage.load(APP, List.of(Load.Client.PLAIN), PER_SECOND)) {
            long begun = System.nanoTime();
            stage.release(APP, Stage.GOOD, 0, "Succeeded");
            stage.settle();
            long promoted = System.nanoTime();
            good(stage, weights.changes(), Stage.between(load.answers(), begun, promoted));

            stage.release(APP, Stage.BAD, 30, "Failed");
            stage.settle();
            long takenBack = System.nanoTime();
            bad(stage, weights.changes(), Stage.between(load.answers(), promoted, takenBack));

            stage.cluster().restart(Stage.NAMESPACE, APP + "-primary");
            stage.cluster()
                    .awaitDeployment(
                            Stage.NAMESPACE,
                            APP + "-primary",
                            it ->
                                    it.getMetadata()
                                                    .getGeneration()
                                                    .equals(it.getStatus().getObservedGeneration())
                                            && Integer.valueOf(2)
                                                    .equals(it.getStatus().getUpdatedReplicas())
                                            && Integer.valueOf(2)
                                                    .equals(it.getStatus().getReplicas())
                                            && Integer.valueOf(2)
                                                    .equals(it.getStatus().getReadyReplicas()),
                            Stage.PATIENCE);
            stage.settle();
            restarted(stage, Stage.between(load.answers(), takenBack, System.nanoTime()));
        }
    }

    private static void good(Stage stage, List<Weights.Change> changes, List<Answer> answers) {
        stage.count(
                "good release promoted",
                answers,
                _ -> false,
                splits(stage, changes, answers, List.of(10, 40)));
        var last = answers.getLast();
        stage.findings()
                .check(
                        last.version().equals(Stage.GOOD) && !Stage.isCanary(APP, last),
                        APP,
                        "the promoted version does not serve, but %s of %s"
                                .formatted(last.version(), last.pod()));
    }

    private static void bad(Stage stage, List<Weights.Change> changes, List<Answer> answers) {
        stage.count(
                "bad release taken back",
                answers,
                it -> it.version().equals(Stage.BAD),
                splits(stage, changes, answers, List.of(10)));
        long met = answers.stream().filter(it -> it.version().equals(Stage.BAD)).count();
        stage.findings().check(met > 0, APP, "nobody met the bad release");
        stage.findings()
                .check(
                        answers.getLast().version().equals(Stage.GOOD),
                        APP,
                        "the version before does not serve, but " + answers.getLast().version());
    }

    private static void restarted(Stage stage, List<Answer> answers) {
        long pods = answers.stream().map(Answer::pod).distinct().count();
        stage.count("primary restarted", answers, _ -> false, pods + " pods in turn");
        stage.findings().check(pods >= 4, APP, "the primary's pods were not replaced");
    }

    /** Each step: what was declared, and what was served once the proxy had settled. */
    private static String splits(
            Stage stage, List<Weights.Change> changes, List<Answer> answers, List<Integer> wanted) {
        long first = answers.getFirst().sent();
        long last = answers.getLast().sent();
        List<String> steps = new ArrayList<>();
        List<Integer> declared = new ArrayList<>();
        for (int i = 0; i < changes.size(); i++) {
            var change = changes.get(i);
            if (change.at() < first || change.at() > last) {
                continue;
            }
            long until = i + 1 < changes.size() ? changes.get(i + 1).at() : last;
            var served =
                    Stage.between(answers, change.at() + stage.plane().settling().toNanos(), until);
            long canary = served.stream().filter(it -> Stage.isCanary(APP, it)).count();
            double percent = 100.0 * canary / Math.max(1, served.size());
            steps.add(
                    String.format(
                            Locale.ROOT,
                            "%d / %.1f (of %d)",
                            change.percent(),
                            percent,
                            served.size()));
            if (change.percent() > 0) {
                declared.add(change.percent());
                sawIt(stage, change, answers);
            }
            stage.findings()
                    .check(
                            served.size() >= ENOUGH,
                            APP,
                            "only %d requests at %d percent, which says nothing"
                                    .formatted(served.size(), change.percent()));
            stage.findings()
                    .check(
                            Math.abs(percent - change.percent()) <= TOLERANCE
                                    && (change.percent() > 0 || canary == 0),
                            APP,
                            String.format(
                                    Locale.ROOT,
                                    "%d percent were declared and %.1f served",
                                    change.percent(),
                                    percent));
        }
        stage.findings()
                .check(
                        declared.equals(wanted),
                        APP,
                        "the steps were %s instead of %s".formatted(declared, wanted));
        return String.join(", ", steps);
    }

    /** Only the first step shows which request saw it: before, the canary answered nobody. */
    private static void sawIt(Stage stage, Weights.Change change, List<Answer> answers) {
        if (answers.stream()
                .noneMatch(it -> Stage.isCanary(APP, it) && it.received() < change.at())) {
            answers.stream()
                    .filter(it -> Stage.isCanary(APP, it))
                    .mapToLong(Answer::received)
                    .min()
                    .ifPresent(at -> stage.findings().seen(Duration.ofNanos(at - change.at())));
        }
    }
}
