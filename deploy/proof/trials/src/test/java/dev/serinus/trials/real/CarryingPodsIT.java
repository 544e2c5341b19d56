package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import dev.serinus.cli.AllInOne;
import dev.serinus.testbed.User;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;
import dev.serinus.trials.real.WeightsAndPods.Turned;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * On a real API server, by the versions of its objects: a side that gets more traffic has the pods
 * that carry it before it gets it.
 */
@OnTestBed
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("long")
class CarryingPodsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private TestBed bed;
    private Outside outside;
    private Apps apps;
    private AllInOne serinus;
    private KubernetesClient client;

    @BeforeAll
    void start(TestBed bed, @TempDir Path data) {
        this.bed = bed;
        outside = new Outside();
        apps = new Apps(bed, outside.url());
        for (String app : List.of("depot", "quay")) {
            outside.measures(app, "100");
            apps.apply(app);
        }
        client = bed.client(User.SERINUS);
        serinus = AllInOne.start(RightsIT.settings(outside, bed.namespace(), data), client);
        for (String app : List.of("depot", "quay")) {
            RightsIT.awaitPhase(apps, app, "Initialized");
        }
    }

    @AfterAll
    void end() {
        serinus.close();
        client.close();
        outside.close();
    }

    @Test
    void aCanaryHasThePodsOfItsShareBeforeItGetsIt() {
        try (var seen = new WeightsAndPods(bed, "depot")) {
            apps.release("depot", 2);
            RightsIT.awaitPhase(apps, "depot", "Succeeded");

            assertThat(seen.turned())
                    .extracting(Turned::weight, Turned::canary)
                    .startsWith(tuple(10, 1), tuple(50, 3), tuple(70, 4));
            assertThat(seen.turned().getLast()).isEqualTo(new Turned(0, 5, 4));
        }
    }

    @Test
    void trafficComesBackToAPrimaryThatWasMadeSmallOnceItHasItsPodsAgain() {
        try (var seen = new WeightsAndPods(bed, "quay")) {
            // Given
            apps.release("quay", 2);
            await("most of the traffic at the canary")
                    .atMost(PATIENCE)
                    .until(() -> seen.turned().stream().anyMatch(it -> it.weight() == 90));
            // When: what an autoscaler does, and then a release that is bad
            apps.patch(
                    "Deployment",
                    "apps/v1",
                    "quay-primary",
                    "{\"spec\":{\"replicas\":1}}",
                    PatchType.JSON_MERGE);
            outside.measures("quay", "50");
            RightsIT.awaitPhase(apps, "quay", "Failed");
            // Then
            assertThat(seen.turned().getLast().weight()).isZero();
            assertThat(seen.turned().getLast().primary()).isEqualTo(4);
            // And: its autoscaler is held until its numbers follow, and then decides alone
            await("the autoscaler to be let go, and the canary's pods with it")
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () -> {
                                assertThat(minimum()).isEqualTo(1);
                                assertThat(replicas("quay")).isZero();
                            });
        }
    }

    private Integer minimum() {
        return apps.object("HorizontalPodAutoscaler", "autoscaling/v2", "quay-primary")
                .get()
                .get("spec", "minReplicas");
    }

    private Integer replicas(String deployment) {
        return apps.object("Deployment", "apps/v1", deployment).get().get("spec", "replicas");
    }
}
