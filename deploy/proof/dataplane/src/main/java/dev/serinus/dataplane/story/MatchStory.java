package dev.serinus.dataplane.story;

import dev.serinus.dataplane.cluster.Weights;
import dev.serinus.dataplane.traffic.Answer;
import dev.serinus.dataplane.traffic.Load;

import java.util.List;
import java.util.Map;

/** A/B: who has the header or the cookie gets the new version, and nobody else. */
final class MatchStory implements Story {

    private static final String APP = "match";
    private static final int PER_SECOND = 60;

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
            stage.release(APP, Stage.GOOD, 0, "Succeeded");
            stage.settle();
            tell(stage, weights.changes(), load.answers());
        }
    }

    private static void tell(Stage stage, List<Weights.Change> changes, List<Answer> answers) {
        long on = first(changes, 0, true);
        long off = first(changes, on, false);
        var during = Stage.between(answers, on + stage.plane().settling().toNanos(), off);
        var matching = during.stream().filter(it -> it.client() < 2).toList();
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

    private static long first(List<Weights.Change> changes, long from, boolean on) {
        return changes.stream()
                .filter(it -> it.at() > from && it.most() > 0 == on)
                .mapToLong(Weights.Change::at)
                .findFirst()
                .orElseThrow(
                        () ->
                                new IllegalStateException(
                                        "the route never sent those who match to the new version"
                                                + " and back: "
                                                + changes));
    }
}
