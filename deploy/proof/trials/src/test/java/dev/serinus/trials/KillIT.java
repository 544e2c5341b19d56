package dev.serinus.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.stream.Collectors.groupingBy;

import dev.serinus.analysis.replay.ReplayJournal;
import dev.serinus.broker.FreePort;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.CanaryKey;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Each part of Serinus is killed in the middle of a rollout; the rollout ends right all the same.
 *
 * <p>One of these at a time: each starts eleven processes, and two at once leave none of them the
 * time that its own limits expect.
 */
@Tag("long")
@ResourceLock("dev.serinus.trials.killed")
class KillIT {

    private static final String CLUSTER = "trial";
    private static final CanaryKey CANARY = new CanaryKey(CLUSTER, "shop", "podinfo");
    private static final Set<String> ENDS = Set.of("Promoted", "RolledBack", "PromotionFailed");

    private final Path data =
            Path.of(
                            System.getProperty("trials.data"),
                            getClass().getSimpleName() + "-" + ProcessHandle.current().pid())
                    .toAbsolutePath();
    private final Map<String, ServiceProcess> parts = new LinkedHashMap<>();
    private TestEnvironment cluster;
    private KafkaSettings kafka;

    @BeforeEach
    void startEverything() throws Exception {
        cluster = testEnvironment();
        int port = FreePort.next();
        kafka = KafkaSettings.at("127.0.0.1:" + port);
        parts.put("broker", ServiceProcess.broker(data, port, CLUSTER));
        for (String service : List.of("analysis", "watcher", "router", "webhook", "notifier")) {
            parts.put(service, ServiceProcess.service(service, CLUSTER, cluster, port, data));
        }
    }

    /** The embedded API server. */
    TestEnvironment testEnvironment() throws Exception {
        return new Cluster();
    }

    @AfterEach
    void stopEverything() {
        List<ServiceProcess> backwards = new ArrayList<>(parts.values()).reversed();
        backwards.forEach(ServiceProcess::close);
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void aRolloutEndsRightWhicheverPartIsKilledInItsMiddle() throws Exception {
        try (var history = new History(kafka);
                var routes =
                        new Writes(
                                cluster.user(),
                                "gateway.networking.k8s.io",
                                "v1",
                                "HTTPRoute",
                                "httproutes");
                var workloads =
                        new Writes(cluster.user(), "apps", "v1", "Deployment", "deployments")) {
            cluster.apply(Manifests.namespace("shop"));
            cluster.apply(Manifests.deployment("shop", "podinfo", 1));
            cluster.apply(Manifests.canary("shop", "podinfo", ""));
            awaitEvents(history, 0, "Initialized");

            long run = 0;
            for (String victim :
                    List.of("analysis", "router", "watcher", "webhook", "notifier", "broker")) {
                run++;
                cluster.image("shop", "podinfo", "podinfo:" + run + ".5.0");
                awaitEvents(history, run, "WeightShifted");
                var part = Objects.requireNonNull(parts.get(victim));
                part.kill();
                part.start();
                awaitEnd(history, run, victim);
            }

            for (long each = 1; each <= run; each++) {
                assertWhole(history, each);
            }
            assertEachStepWroteOnce(routes);
            assertEachStepWroteOnce(workloads);
        }
        assertThat(replayed()).isZero();
    }

    /**
     * The journal through the machine once more: 0 when every decision came out the same, bit for
     * bit.
     */
    private int replayed() throws IOException {
        return ReplayJournal.run(
                List.of(
                        "--bootstrap-servers",
                        kafka.properties().get("bootstrap.servers"),
                        "--cluster",
                        CLUSTER),
                System.out);
    }

    private static void awaitEvents(History history, long run, String type) {
        await().atMost(Duration.ofSeconds(90))
                .until(
                        () ->
                                history.of(CANARY).stream()
                                        .anyMatch(
                                                e ->
                                                        e.getRun() == run
                                                                && e.getType().equals(type)));
    }

    private void awaitEnd(History history, long run, String victim) {
        await("the end of run " + run + ", in which " + victim + " was killed; logs are in " + data)
                .atMost(Duration.ofMinutes(2))
                .until(
                        () ->
                                history.of(CANARY).stream()
                                        .anyMatch(
                                                e ->
                                                        e.getRun() == run
                                                                && ENDS.contains(e.getType())));
    }

    private static void assertWhole(History history, long run) {
        List<RolloutEvent> events =
                history.of(CANARY).stream().filter(e -> e.getRun() == run).toList();
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).getSequence())
                    .as("run %d: %s", run, types(events))
                    .isEqualTo(i + 1);
        }
        assertThat(types(events))
                .containsOnlyOnce("Promoted")
                .doesNotContain("RolledBack", "PromotionFailed");
        List<Integer> weights =
                events.stream()
                        .filter(e -> e.getType().equals("WeightShifted"))
                        .map(RolloutEvent::getCanaryWeight)
                        .distinct()
                        .toList();
        assertThat(weights).as("steps of run %d", run).containsExactly(25, 50, 75);
    }

    private static List<String> types(List<RolloutEvent> events) {
        return events.stream().map(RolloutEvent::getType).toList();
    }

    private static void assertEachStepWroteOnce(Writes writes) {
        writes.steps()
                .forEach(
                        (object, steps) -> {
                            Set<String> seen = new HashSet<>();
                            List<String> ours =
                                    steps.stream().filter(step -> !step.equals("null")).toList();
                            Map<String, List<String>> repeated =
                                    ours.stream().collect(groupingBy(step -> step));
                            assertThat(ours)
                                    .as("effective writes to %s: %s", object, repeated)
                                    .allMatch(seen::add);
                        });
    }
}
