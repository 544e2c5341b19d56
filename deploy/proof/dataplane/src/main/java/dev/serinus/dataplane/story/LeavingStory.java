package dev.serinus.dataplane.story;

import dev.serinus.dataplane.cluster.Cluster;
import dev.serinus.dataplane.traffic.Load;

import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An application that serves already, with a route of its user, is put into Serinus' care and later
 * taken out of it again, with all given back.
 */
final class LeavingStory implements Story {

    private static final String APP = "leaving";
    private static final int PER_SECOND = 60;

    @Override
    public String name() {
        return APP;
    }

    @Override
    public void play(Stage stage) throws InterruptedException {
        Cluster cluster = stage.cluster();
        cluster.apply("application.yaml", Map.of("NAME", APP));
        cluster.apply(stage.api().manifest("leaving.yaml"), Map.of("NAME", APP));
        try (var load = stage.load(APP, List.of(Load.Client.PLAIN), PER_SECOND)) {
            stage.apply("canary-leaving.yaml", APP);
            stage.awaitPhase(APP, "Initialized");
            stage.settleOnPrimary(APP, load);
            long taken = System.nanoTime();
            var before = load.answers();
            stage.count("adopted with its route", before, _ -> false, "");
            stage.findings()
                    .check(
                            before.getLast().pod().startsWith(APP + "-primary-"),
                            APP,
                            "the primary does not serve, but " + before.getLast().pod());

            var canary = cluster.canary(Stage.NAMESPACE, APP);
            var _ = canary.delete();
            var gone = canary.waitUntilCondition(it -> it == null, 60, TimeUnit.SECONDS);
            stage.findings().check(gone == null, APP, "the Canary does not go away");
            stage.settle(APP, load, pod -> Stage.isCanary(APP, pod));
            var after = Stage.between(load.answers(), taken, System.nanoTime());
            stage.count("deleted, with revert", after, _ -> false, "");
            stage.findings()
                    .check(
                            Stage.isCanary(APP, after.getLast()),
                            APP,
                            "the target does not serve, but " + after.getLast().pod());
        }
    }
}
