package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.cli.AllInOne;
import dev.serinus.testbed.User;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;
import dev.serinus.trials.real.ServedBy.Pods;

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

/**
 * On a real control plane, by the endpoint slices that it makes: without a mesh a canary gets its
 * share by its pods, and one side is whole at every moment.
 */
@OnTestBed
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("long")
class ReplicasIT {

    private static final int WHOLE = 5;
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private Outside outside;
    private Apps apps;
    private AllInOne serinus;
    private KubernetesClient client;

    @BeforeAll
    void start(TestBed bed, @TempDir Path data) {
        outside = new Outside();
        apps = new Apps(bed, outside.url());
        for (String app : List.of("berth", "mole")) {
            outside.measures(app, "100");
            apps.apply(app);
        }
        client = bed.client(User.SERINUS);
        serinus = AllInOne.start(RightsIT.settings(outside, bed.namespace(), data), client);
        for (String app : List.of("berth", "mole")) {
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
    void aReleaseGetsItsSharesByItsPodsAndOneSideIsWholeAtEveryMoment(TestBed bed) {
        try (var seen = new ServedBy(bed, "berth")) {
            await("the primary to serve").atMost(PATIENCE).until(() -> isWhole(seen));

            apps.release("berth", 2);
            RightsIT.awaitPhase(apps, "berth", "Succeeded");

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
        try (var seen = new ServedBy(bed, "mole")) {
            // Given
            await("the primary to serve").atMost(PATIENCE).until(() -> isWhole(seen));
            apps.release("mole", 2);
            await("30 percent")
                    .atMost(PATIENCE)
                    .until(() -> seen.pods().contains(new Pods(WHOLE, 3)));
            // When
            outside.measures("mole", "50");
            RightsIT.awaitPhase(apps, "mole", "Failed");
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
