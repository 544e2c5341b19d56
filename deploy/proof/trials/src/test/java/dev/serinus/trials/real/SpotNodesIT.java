package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.cli.AllInOne;
import dev.serinus.testbed.User;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;
import dev.serinus.trials.real.PlacedPods.Placed;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * On a real control plane, by the nodes that its scheduler gives: with {@code templateVariables}
 * the canary's pods alone run on spot nodes, and whatever becomes of a release its target is as its
 * user wrote it afterwards.
 */
@OnTestBed
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("nightly")
class SpotNodesIT {

    private static final String APP = "barge";
    private static final String ON_DEMAND = "barge-on-demand";
    private static final String SPOT = "barge-spot";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private Outside outside;
    private Apps apps;
    private AllInOne serinus;
    private KubernetesClient client;
    private PlacedPods pods;

    @BeforeAll
    void start(TestBed bed, @TempDir Path data) {
        outside = new Outside();
        outside.measures(APP, "100");
        node(bed, ON_DEMAND, "on-demand", List.of());
        node(bed, SPOT, "spot", List.of(taint("spot-instance", "true")));
        pods = new PlacedPods(bed);
        apps = new Apps(bed, outside.url());
        apps.apply(APP);
        client = bed.client(User.SERINUS);
        serinus = AllInOne.start(RightsIT.settings(outside, bed.namespace(), data), client);
        RightsIT.awaitPhase(apps, APP, "Initialized");
    }

    @AfterAll
    void end(TestBed bed) {
        serinus.close();
        client.close();
        outside.close();
        pods.close();
        for (String node : List.of(ON_DEMAND, SPOT)) {
            var _ = bed.admin().nodes().withName(node).delete();
        }
    }

    @Test
    void theCanarysPodsAloneRunOnSpotNodesAndTheTargetIsAsItsUserWroteItAfterwards(TestBed bed) {
        // Given
        assertThat(users(deployment(bed, APP))).isTrue();
        assertPlaced(pods.of(APP + "-primary", APP + ":1"), ON_DEMAND, "on-demand", "node-type");

        // When
        apps.release(APP, 2);
        RightsIT.awaitPhase(apps, APP, "Progressing");
        await("the canary's pods")
                .atMost(PATIENCE)
                .until(() -> !pods.of(APP, APP + ":2").isEmpty());
        RightsIT.awaitPhase(apps, APP, "Succeeded");

        // Then
        assertPlaced(pods.of(APP, APP + ":2"), SPOT, "spot", "node-type", "spot-instance");
        assertPlaced(pods.of(APP + "-primary", APP + ":2"), ON_DEMAND, "on-demand", "node-type");
        assertPutBack(bed, "Succeeded");

        // When
        long run = run();
        outside.measures(APP, "50");
        apps.release(APP, 3);
        RightsIT.awaitPhase(apps, APP, "Failed");

        // Then
        assertPlaced(pods.of(APP, APP + ":3"), SPOT, "spot", "node-type", "spot-instance");
        assertThat(pods.of(APP + "-primary", APP + ":3")).isEmpty();
        assertPutBack(bed, "Failed");
        assertThat(run()).as("what was put back is no release").isEqualTo(run + 1);

        // When
        outside.measures(APP, "100");
        apps.release(APP, 4);
        await("the canary's pods").atMost(PATIENCE).until(() -> runsOn(SPOT, APP + ":4"));
        var _ = apps.canary(APP).delete();
        RightsIT.awaitPhase(apps, APP, "gone");

        // Then
        await("the target on its own nodes")
                .atMost(PATIENCE)
                .until(() -> users(deployment(bed, APP)) && serves(deployment(bed, APP)));
        assertThat(runsOn(ON_DEMAND, deployment(bed, APP))).isTrue();
    }

    private boolean runsOn(String node, Deployment target) {
        var containers = target.getSpec().getTemplate().getSpec().getContainers();
        return runsOn(node, containers.getFirst().getImage());
    }

    private boolean runsOn(String node, String image) {
        return pods.of(APP, image).stream().anyMatch(pod -> pod.node().equals(node));
    }

    private static boolean serves(Deployment target) {
        Integer available = target.getStatus().getAvailableReplicas();
        return target.getSpec().getReplicas() == 2 && available != null && available == 2;
    }

    /** Nothing of the canary's is left, and that starts nothing. */
    private void assertPutBack(TestBed bed, String phase) {
        await("the target to be as it was")
                .atMost(PATIENCE)
                .until(
                        () ->
                                deployment(bed, APP).getSpec().getReplicas() == 0
                                        && users(deployment(bed, APP)));
        var primary = deployment(bed, APP + "-primary");
        assertThat(users(primary)).isTrue();
        assertThat(apps.phase(APP)).isEqualTo(phase);
    }

    /** As it was applied, in what says where pods run. */
    private static boolean users(Deployment deployment) {
        var spec = deployment.getSpec().getTemplate().getSpec();
        var annotations = deployment.getMetadata().getAnnotations();
        return spec.getNodeSelector().equals(Map.of("node-type", "on-demand"))
                && spec.getTolerations().size() == 1
                && spec.getTolerations().getFirst().getValue().equals("on-demand")
                && !annotations.containsKey("serinus.dev/canary-scheduling");
    }

    private static void assertPlaced(
            List<Placed> pods, String node, String type, String... tolerated) {
        assertThat(pods).isNotEmpty();
        // One that went before it was given a node ran nowhere.
        assertThat(pods).allMatch(pod -> pod.node().isEmpty() || pod.node().equals(node));
        assertThat(pods).anyMatch(pod -> pod.node().equals(node));
        assertThat(pods)
                .allSatisfy(
                        pod -> {
                            assertThat(pod.nodeType()).isEqualTo(type);
                            assertThat(pod.tolerated()).containsExactly(tolerated);
                        });
    }

    private long run() {
        Number run = apps.canary(APP).get().get("status", "serinus", "run");
        return run.longValue();
    }

    private static Deployment deployment(TestBed bed, String name) {
        return bed.admin().apps().deployments().inNamespace(bed.namespace()).withName(name).get();
    }

    private static Taint taint(String key, String value) {
        return new Taint("NoSchedule", key, null, value);
    }

    private static void node(TestBed bed, String name, String type, List<Taint> more) {
        var plenty = Map.of("cpu", new Quantity("64"), "pods", new Quantity("1000"));
        Node node =
                new NodeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("kubernetes.io/os", "linux")
                        .addToLabels("node-type", type)
                        .addToAnnotations("kwok.x-k8s.io/node", "fake")
                        .endMetadata()
                        .withNewSpec()
                        .withTaints(taint("node-type", type))
                        .addAllToTaints(more)
                        .endSpec()
                        .withNewStatus()
                        .withAllocatable(plenty)
                        .withCapacity(plenty)
                        .endStatus()
                        .build();
        var _ = bed.admin().resource(node).create();
    }
}
