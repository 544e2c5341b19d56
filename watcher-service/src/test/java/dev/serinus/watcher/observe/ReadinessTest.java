package dev.serinus.watcher.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.watcher.cluster.Workload;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;
import java.util.Map;

class ReadinessTest {

    @ParameterizedTest(name = "{0}: {1} wanted, {2} available, threshold {3} %: {4}")
    @CsvSource({
        "Deployment, 4, 4, 100, ready",
        "Deployment, 4, 3, 100, 3 of 4",
        "Deployment, 4, 3, 75, ready",
        "Deployment, 5, 3, 75, ready", // 3.75, as Flagger queue
        "Deployment, 2, 0, 1, 0 of 1",
        "Deployment, 2, 1, 1, ready",
        "Deployment, 2, 0, 0, 0 of 1",
        "Deployment, 0, 0, 1, ready",
        "DaemonSet, 3, 0, 1, 0 of 1",
        "DaemonSet, 3, 1, 1, ready",
        "DaemonSet, 0, 0, 1, ready",
    })
    void withoutAnyAvailablePodNothingIsReadyWherePodsAreWanted(
            String kind, int wanted, int available, int threshold, String expected) {
        var readiness = Readiness.of(workload(kind, wanted, available), "podinfo", threshold, true);

        if (expected.equals("ready")) {
            assertThat(readiness).isEqualTo(new Readiness(true, false, ""));
        } else {
            assertThat(readiness.ready()).isFalse();
            assertThat(readiness.because())
                    .startsWith(
                            "waiting for rollout to finish: %s (readyThreshold %d%%) updated"
                                    .formatted(expected, threshold));
        }
    }

    private static Workload workload(String kind, int wanted, int available) {
        return new Workload(
                kind, "a", "", null, true, wanted, wanted, wanted, available, "", "", Map.of(), "",
                List.of());
    }
}
