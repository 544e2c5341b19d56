package dev.serinus.dataplane.story;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.dataplane.cluster.Weights;
import dev.serinus.dataplane.traffic.Load;

import io.fabric8.kubernetes.client.utils.KubernetesSerialization;

import java.util.List;
import java.util.Map;

/**
 * A route of the user's delegates to the Canary's, and a release gets copies of all requests before
 * it gets its first share.
 */
final class DelegateStory implements Story {

    private static final String APP = "delegate";
    private static final KubernetesSerialization JSON = new KubernetesSerialization();
    private static final int PER_SECOND = 60;
    private static final int ENOUGH = 100;

    @Override
    public String name() {
        return APP;
    }

    @Override
    public void play(Stage stage) throws InterruptedException {
        stage.cluster().apply(stage.api().manifest("delegate.yaml"), Map.of("NAME", APP));
        stage.found(APP, "canary-delegate.yaml");
        try (var weights = stage.weights(APP);
                var load = stage.load(APP, List.of(Load.Client.PLAIN), PER_SECOND)) {
            long begun = System.nanoTime();
            stage.gates()
                    .openWhile(
                            APP,
                            () ->
                                    isShifted(weights)
                                            ? served(stage, weights, load, begun) >= ENOUGH
                                            : !isMirrored(stage) || copies(stage) >= ENOUGH);
            stage.release(APP, Stage.GOOD, 0, "Succeeded");
            stage.settleOnPrimary(APP, load);
            tell(stage, weights, load, begun);
        }
    }

    private static boolean isShifted(Weights weights) {
        return weights.changes().stream().anyMatch(it -> it.percent() > 0);
    }

    /** As the route says; before that nobody can have got copies. */
    private static boolean isMirrored(Stage stage) {
        var kind = stage.api().route();
        var route =
                stage.cluster()
                        .user()
                        .genericKubernetesResources(kind.apiVersion(), kind.kind())
                        .inNamespace(Stage.NAMESPACE)
                        .withName(APP)
                        .get();
        return JSON.convertValue(route, JsonNode.class).at("/spec/http/0").has("mirror");
    }

    /** What the canary's pods have answered, which nobody has got before the first share. */
    private static long copies(Stage stage) {
        return stage.pods().answered(pod -> Stage.isCanary(APP, pod));
    }

    private static long served(Stage stage, Weights weights, Load load, long begun) {
        return stage.steps(APP, weights, load, begun).stream()
                .filter(it -> it.declared().percent() > 0)
                .mapToLong(it -> it.answers().size())
                .sum();
    }

    private static void tell(Stage stage, Weights weights, Load load, long begun) {
        var answers = Stage.between(load.answers(), begun, System.nanoTime());
        long shifted =
                weights.changes().stream()
                        .filter(it -> it.percent() > 0)
                        .mapToLong(Weights.Change::at)
                        .findFirst()
                        .orElse(Long.MAX_VALUE);
        var before = Stage.between(answers, begun, shifted);
        long early =
                before.stream()
                        .filter(it -> it.received() < shifted && Stage.isCanary(APP, it))
                        .count();
        long met = answers.stream().filter(it -> Stage.isCanary(APP, it)).count();
        long copies = copies(stage) - met;
        stage.count(
                "delegated, with copies first",
                answers,
                _ -> false,
                "%d copies, %d answers by the new version before its first share, %d after"
                        .formatted(copies, early, met - early));
        stage.findings()
                .check(copies >= ENOUGH, APP, "the new version got %d copies".formatted(copies));
        stage.findings().check(early == 0, APP, early + " met the new version by a copy");
        stage.findings().check(met > early, APP, "nobody met the new version");
    }
}
