package dev.serinus.dataplane.story;

import dev.serinus.dataplane.cluster.Weights;
import dev.serinus.dataplane.traffic.Answer;
import dev.serinus.dataplane.traffic.Load;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Session affinity: whoever met the new version once stays with it until the rollout ends. */
final class AffinityStory implements Story {

    private static final String APP = "affinity";
    private static final int CLIENTS = 30;
    private static final int PER_SECOND = 60;
    private static final int ENOUGH = 200;

    @Override
    public String name() {
        return APP;
    }

    @Override
    public void play(Stage stage) throws InterruptedException {
        stage.found(APP, "canary-affinity.yaml");
        var clients = Collections.nCopies(CLIENTS, new Load.Client(Map.of(), true));
        try (var weights = stage.weights(APP);
                var load = stage.load(APP, clients, PER_SECOND)) {
            long begun = System.nanoTime();
            stage.gates()
                    .openWhile(
                            APP,
                            () -> {
                                var steps = stage.steps(APP, weights, load, begun);
                                return steps.isEmpty()
                                        || steps.getLast().answers().size() >= ENOUGH;
                            });
            stage.release(APP, Stage.GOOD, 0, "Succeeded");
            stage.settleOnPrimary(APP, load);
            tell(stage, weights.changes(), load.answers());
        }
    }

    private static void tell(Stage stage, List<Weights.Change> changes, List<Answer> answers) {
        long end =
                changes.stream()
                        .filter(it -> it.percent() == 0)
                        .mapToLong(Weights.Change::at)
                        .max()
                        .orElseThrow();
        Map<Integer, Long> since = new HashMap<>();
        int stayed = 0;
        List<String> left = new ArrayList<>();
        for (Answer answer :
                answers.stream()
                        .sorted(java.util.Comparator.comparingLong(Answer::received))
                        .toList()) {
            Long met = since.get(answer.client());
            if (met != null && answer.sent() > met && answer.received() < end) {
                if (Stage.isCanary(APP, answer)) {
                    stayed++;
                } else {
                    left.add("client %d: %s".formatted(answer.client(), answer.pod()));
                }
            } else if (Stage.isCanary(APP, answer) && !answer.cookies().isEmpty()) {
                since.putIfAbsent(answer.client(), answer.received());
            }
        }
        stage.count(
                "session affinity",
                answers,
                _ -> false,
                "%d of %d clients met the new version; %d requests stayed, %d left"
                        .formatted(since.size(), CLIENTS, stayed, left.size()));
        stage.findings().check(stayed > 0, APP, "nobody got a cookie of the new version");
        stage.findings().check(left.isEmpty(), APP, "sessions changed sides: " + left);
    }
}
