package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.testbed.ControlPlane;
import dev.serinus.testbed.Definitions;
import dev.serinus.testbed.User;
import dev.serinus.testbed.binaries.Binaries;
import dev.serinus.testbed.junit.TestBed;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * A part of the control plane is killed in the middle of a rollout and comes back: the rollout ends
 * right. It has a control plane of its own, since nobody else's may be killed.
 */
@Tag("long")
class FaultsIT {

    @TempDir Path data;

    @Test
    void aRolloutEndsRightWhicheverPartOfTheControlPlaneIsKilledInItsMiddle() throws Exception {
        var binaries = Binaries.find();
        assumeThat(binaries).as("programs of the test bed in %s", Binaries.place()).isPresent();
        var plane =
                ControlPlane.untilThisJvmEnds(
                        binaries.get(), data.resolve("testbed"), Definitions.PUBLISHED);
        try (var admin = plane.client(User.ADMIN);
                var outside = new Outside();
                var gateway = new Acceptance(admin, "default");
                var services =
                        new SeparateServices(
                                plane::client, RightsIT.installation(outside, null), data)) {
            assertThat(List.of(gateway, services)).doesNotContainNull();
            var apps = new Apps(new TestBed(plane, "default", admin), outside.url());
            apps.apply("providers");
            apps.apply("api");
            RightsIT.awaitPhase(apps, "api", "Initialized");
            int version = 1;
            for (String part : List.of("kube-apiserver", "etcd", "kube-controller-manager")) {
                releaseWhileKilled(plane, apps, part, ++version);
            }
        } finally {
            plane.down();
        }
    }

    private static void releaseWhileKilled(
            ControlPlane plane, Apps apps, String part, int version) {
        apps.release("api", version);
        await("the canary to have traffic")
                .atMost(Duration.ofMinutes(2))
                .until(
                        () ->
                                Integer.valueOf(50)
                                        .equals(
                                                apps.canary("api")
                                                        .get()
                                                        .get("status", "canaryWeight")));

        plane.kill(part);
        plane.resume();

        await("version %d to be promoted though %s was killed".formatted(version, part))
                .atMost(Duration.ofMinutes(3))
                .ignoreExceptions()
                .untilAsserted(
                        () -> {
                            assertThat(apps.phase("api")).isEqualTo("Succeeded");
                            assertThat(image(apps)).isEqualTo("api:" + version);
                        });
        var target = apps.object("Deployment", "apps/v1", "api").get();
        assertThat(target.<Integer>get("spec", "replicas")).isZero();
        assertThat(weight(apps, 0)).as("the primary's share").isEqualTo(100);
        assertThat(weight(apps, 1)).as("the canary's share").isZero();
    }

    private static String image(Apps apps) {
        return apps.object("Deployment", "apps/v1", "api-primary")
                .get()
                .get("spec", "template", "spec", "containers", 0, "image");
    }

    private static Integer weight(Apps apps, int backend) {
        return apps.object("HTTPRoute", "gateway.networking.k8s.io/v1", "api")
                .get()
                .get("spec", "rules", 0, "backendRefs", backend, "weight");
    }
}
