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

    /** So many standard deviations off is no chance any more. */
    private static final double CHANCE = 3.5;

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
            stage.gates().openWhile(APP, () -> isServedLongEnough(stage, weights, load, begun));
            stage.release(APP, Stage.GOOD, 0, "Succeeded");
            stage.settleOnPrimary(APP, load);
            long promoted = System.nanoTime();
            good(stage, weights, load, begun);

            stage.release(APP, Stage.BAD, 30, "Failed");
            stage.settleOnPrimary(APP, load);
            long takenBack = System.nanoTime();
            bad(stage, weights, load, promoted);

            var before = stage.pods().answering();
            stage.cluster().restart(Stage.NAMESPACE, APP + "-primary");
            stage.settle(APP, load, pod -> !before.contains(pod));
            restarted(stage, Stage.between(load.answers(), takenBack, System.nanoTime()));
        }
    }

    /** Of so many requests chance alone makes less of a difference than what is tolerated. */
    private static boolean isServedLongEnough(Stage stage, Weights weights, Load load, long begun) {
        var steps = stage.steps(APP, weights, load, begun);
        return steps.isEmpty()
                || byChance(steps.getLast().declared().percent(), steps.getLast().answers().size())
                        <= TOLERANCE;
    }

    /** In points: by how much the share of so many requests differs by chance. */
    private static double byChance(int percent, int requests) {
        double share = percent / 100.0;
        return requests == 0
                ? Double.POSITIVE_INFINITY
                : 100 * CHANCE * Math.sqrt(share * (1 - share) / requests);
    }

    private static void good(Stage stage, Weights weights, Load load, long begun) {
        var answers = Stage.between(load.answers(), begun, System.nanoTime());
        stage.count(
                "good release promoted",
                answers,
                _ -> false,
                splits(stage, stage.steps(APP, weights, load, begun), answers, List.of(10, 40)));
        var last = answers.getLast();
        stage.findings()
                .check(
                        last.version().equals(Stage.GOOD) && !Stage.isCanary(APP, last),
                        APP,
                        "the promoted version does not serve, but %s of %s"
                                .formatted(last.version(), last.pod()));
    }

    private static void bad(Stage stage, Weights weights, Load load, long begun) {
        var answers = Stage.between(load.answers(), begun, System.nanoTime());
        stage.count(
                "bad release taken back",
                answers,
                it -> it.version().equals(Stage.BAD),
                splits(stage, stage.steps(APP, weights, load, begun), answers, List.of(10)));
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

    /** Each step: what was declared, and what was served once the proxy had taken it over. */
    private static String splits(
            Stage stage, List<Step> steps, List<Answer> answers, List<Integer> wanted) {
        List<String> told = new ArrayList<>();
        List<Integer> declared = new ArrayList<>();
        for (Step step : steps) {
            int percent = step.declared().percent();
            int requests = step.answers().size();
            long canary = step.answers().stream().filter(it -> Stage.isCanary(APP, it)).count();
            double served = 100.0 * canary / Math.max(1, requests);
            told.add(String.format(Locale.ROOT, "%d / %.1f (of %d)", percent, served, requests));
            if (percent > 0) {
                declared.add(percent);
                sawIt(stage, step.declared(), answers);
            }
            stage.findings()
                    .check(
                            requests > 0,
                            APP,
                            "the proxy never took %d percent over".formatted(percent));
            // A bad release is taken back when that is found out, not when there are enough
            // requests.
            stage.findings()
                    .check(
                            Math.abs(served - percent)
                                            <= Math.max(TOLERANCE, byChance(percent, requests))
                                    && (percent > 0 || canary == 0),
                            APP,
                            String.format(
                                    Locale.ROOT,
                                    "%d percent were declared and %.1f served",
                                    percent,
                                    served));
        }
        stage.findings()
                .check(
                        declared.equals(wanted),
                        APP,
                        "the steps were %s instead of %s".formatted(declared, wanted));
        return String.join(", ", told);
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
