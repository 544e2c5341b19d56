package dev.serinus.dataplane.story;

import dev.serinus.dataplane.traffic.Answer;
import dev.serinus.dataplane.traffic.Load;

import java.util.List;
import java.util.Map;

/** A/B: who has the header or the cookie gets the new version, and nobody else. */
final class MatchStory implements Story {

    private static final String APP = "match";
    private static final int PER_SECOND = 60;
    private static final int ENOUGH = 100;

    private static final Load.Client WITH_HEADER =
            new Load.Client(Map.of("x-canary", "insider"), false);
    private static final Load.Client WITH_COOKIE =
            new Load.Client(Map.of("Cookie", "theme=dark;canary=always"), false);
    private static final Load.Client OTHER =
            new Load.Client(Map.of("x-canary", "outsider", "Cookie", "canary=never"), false);

    @Override
    public String name() {
        return APP;
    }

    @Override
    public void play(Stage stage) throws InterruptedException {
        stage.found(APP, "canary-match.yaml");
        var clients = List.of(WITH_HEADER, WITH_COOKIE, OTHER, Load.Client.PLAIN);
        try (var weights = stage.weights(APP);
                var load = stage.load(APP, clients, PER_SECOND)) {
            long begun = System.nanoTime();
            stage.gates()
                    .openWhile(
                            APP,
                            () -> {
                                var steps = stage.steps(APP, weights, load, begun);
                                return steps.isEmpty() || matching(steps).size() >= ENOUGH;
                            });
            stage.release(APP, Stage.GOOD, 0, "Succeeded");
            stage.settleOnPrimary(APP, load);
            tell(stage, stage.steps(APP, weights, load, begun), load.answers());
        }
    }

    /** What those who match got while the route had a rule for them. */
    private static List<Answer> matching(List<Step> steps) {
        return steps.stream()
                .filter(it -> it.declared().shares().most() > 0)
                .flatMap(it -> it.answers().stream())
                .filter(it -> it.client() < 2)
                .toList();
    }

    private static void tell(Stage stage, List<Step> steps, List<Answer> answers) {
        var matching = matching(steps);
        long reached = matching.stream().filter(it -> Stage.isCanary(APP, it)).count();
        long strays =
                answers.stream().filter(it -> it.client() >= 2 && Stage.isCanary(APP, it)).count();
        stage.count(
                "A/B by header and cookie",
                answers,
                _ -> false,
                "%d of %d who match, %d others".formatted(reached, matching.size(), strays));
        stage.findings().check(!matching.isEmpty(), APP, "nobody who matches asked");
        stage.findings()
                .check(
                        reached == matching.size(),
                        APP,
                        "%d who match did not get the new version"
                                .formatted(matching.size() - reached));
        stage.findings().check(strays == 0, APP, strays + " got the new version without a reason");
    }
}
