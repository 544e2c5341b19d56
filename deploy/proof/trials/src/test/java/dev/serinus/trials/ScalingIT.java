package dev.serinus.trials;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.replay.ReplayJournal;
import dev.serinus.broker.FreePort;
import dev.serinus.schemas.runtime.KafkaSettings;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Replicas of the analysis and of the edge services come, are killed and go while releases run:
 * every release ends right, and nothing is done or told twice.
 */
@Tag("long")
@ResourceLock("dev.serinus.trials.killed")
class ScalingIT {

    private static final String CLUSTER = "trial";

    private final Path data =
            Path.of(
                            System.getProperty("trials.data"),
                            getClass().getSimpleName() + "-" + ProcessHandle.current().pid())
                    .toAbsolutePath();
    private final Map<String, ServiceProcess> parts = new LinkedHashMap<>();
    private TrialReleases releases;
    private KafkaSettings kafka;
    private int port;

    @BeforeEach
    void startEverything() {
        releases = new TrialReleases(CLUSTER, List.of("cart", "desk", "post", "till"), data);
        port = FreePort.next();
        kafka = KafkaSettings.at("127.0.0.1:" + port);
        parts.put("broker", ServiceProcess.broker(data, port, CLUSTER));
        for (String service : List.of("analysis", "watcher", "router", "webhook", "notifier")) {
            add(service, 1);
        }
    }

    @AfterEach
    void stopEverything() {
        new ArrayList<>(parts.values()).reversed().forEach(ServiceProcess::close);
        releases.close();
    }

    @Test
    void replicasComeAreKilledAndGoAndNothingIsDoneTwice() throws Exception {
        try (var history = new History(kafka);
                var routes =
                        new Writes(
                                releases.cluster.user(),
                                "gateway.networking.k8s.io",
                                "v1",
                                "HTTPRoute",
                                "httproutes");
                var workloads =
                        new Writes(
                                releases.cluster.user(),
                                "apps",
                                "v1",
                                "Deployment",
                                "deployments")) {
            // Given
            releases.begin(history);

            // When
            releases.release(history, 1);
            add("analysis", 2);
            add("analysis", 3);
            add("router", 2);
            add("webhook", 2);
            add("notifier", 2);
            releases.await(history, 1, "Promoted");

            releases.release(history, 2);
            part("analysis", 1).kill();
            part("router", 1).kill();
            releases.await(history, 2, "Promoted");

            releases.release(history, 3);
            assertThat(part("analysis", 2).stop()).isTrue();
            assertThat(part("webhook", 1).stop()).isTrue();
            assertThat(part("notifier", 1).stop()).isTrue();
            releases.await(history, 3, "Promoted");

            releases.assertPromoted(history, 3);

            add("webhook", 3);
            add("notifier", 3);
            releases.releaseUntilHook(4);
            part("webhook", 2).kill();
            part("notifier", 2).kill();
            releases.await(history, 4, "Promoted");

            // Then
            releases.assertPromotedThoughKilled(history, 4);
            TrialReleases.assertEachStepWroteOnce(routes);
            TrialReleases.assertEachStepWroteOnce(workloads);
        }
        assertThat(
                        ReplayJournal.run(
                                List.of(
                                        "--bootstrap-servers",
                                        kafka.properties().get("bootstrap.servers"),
                                        "--cluster",
                                        CLUSTER),
                                System.out))
                .isZero();
    }

    private void add(String service, int number) {
        String name = service + "-" + number;
        parts.put(
                name,
                ServiceProcess.service(
                        service, CLUSTER, releases.cluster, port, data.resolve(name)));
    }

    private ServiceProcess part(String service, int number) {
        return Objects.requireNonNull(parts.get(service + "-" + number));
    }
}
