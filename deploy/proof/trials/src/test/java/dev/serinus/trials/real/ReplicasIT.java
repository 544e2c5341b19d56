package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.cli.AllInOne;
import dev.serinus.testbed.User;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;
import dev.serinus.trials.real.ServedBy.Pods;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;

/**
 * On a real control plane, by the endpoint slices that it makes: without a mesh a canary gets its
 * share by its pods, and one side is whole at every moment.
 */
@OnTestBed
@Tag("long")
class ReplicasIT {

    private static final String APP = "berth";
    private static final int WHOLE = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private Outside outside;
    private Apps apps;
    private AllInOne serinus;
    private KubernetesClient client;

    @BeforeEach
    void start(TestBed bed, @TempDir Path data) {
        outside = new Outside();
        apps = new Apps(bed, outside.url());
        outside.measures(APP, "100");
        apps.apply(APP);
        client = bed.client(User.SERINUS);
        serinus = AllInOne.start(RightsIT.settings(outside, bed.namespace(), data), client);
        RightsIT.awaitPhase(apps, APP, "Initialized");
    }

    @AfterEach
    void end() {
        serinus.close();
        client.close();
        outside.close();
    }

    @Test
    void aReleaseGetsItsSharesByItsPodsAndOneSideIsWholeAtEveryMoment(TestBed bed) {
        try (var seen = new ServedBy(bed, APP)) {
            await("the primary to serve").atMost(PATIENCE).until(() -> isWhole(seen));

            apps.release(APP, 2);
            RightsIT.awaitPhase(apps, APP, "Succeeded");

            await("the primary alone")
                    .atMost(PATIENCE)
                    .until(() -> seen.pods().getLast().equals(new Pods(WHOLE, 0)));
            assertThat(seen.pods())
                    .containsSubsequence(
                            new Pods(WHOLE, 0),
                            new Pods(WHOLE, 1),
                            new Pods(WHOLE, 3),
                            new Pods(WHOLE, WHOLE),
                            new Pods(0, WHOLE),
                            new Pods(WHOLE, 0));
            assertThat(seen.pods())
                    .allMatch(pods -> pods.primary() == WHOLE || pods.canary() == WHOLE);
        }
    }

    @Test
    void aBadReleaseLosesItsShareAtOnceAndThePrimaryWasWholeAllTheTime(TestBed bed) {
        try (var seen = new ServedBy(bed, APP)) {
            // Given
            await("the primary to serve").atMost(PATIENCE).until(() -> isWhole(seen));
            apps.release(APP, 2);
            await("30 percent")
                    .atMost(PATIENCE)
                    .until(() -> seen.pods().contains(new Pods(WHOLE, 3)));
            // When
            outside.measures(APP, "50");
            RightsIT.awaitPhase(apps, APP, "Failed");
            // Then
            await("the primary alone")
                    .atMost(PATIENCE)
                    .until(() -> seen.pods().getLast().equals(new Pods(WHOLE, 0)));
            assertThat(seen.pods()).allMatch(pods -> pods.primary() == WHOLE);
        }
    }

    private static boolean isWhole(ServedBy seen) {
        return !seen.pods().isEmpty() && seen.pods().getLast().equals(new Pods(WHOLE, 0));
    }
}
