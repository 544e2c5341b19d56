package dev.serinus.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;

import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.HashMap;
import java.util.Set;

/**
 * Canaries at rest cost nothing. {@code -Dtrials.idle.canaries=1000 -Dtrials.idle.seconds=60} shows
 * it at full size.
 */
class IdleIT {

    private static final int CANARIES = Integer.getInteger("trials.idle.canaries", 20);
    private static final Duration WATCHED =
            Duration.ofSeconds(Integer.getInteger("trials.idle.seconds", 10));

    private static final TopicPartition SIGNS_OF_LIFE =
            new TopicPartition("serinus.trial.changes", 0);

    @Test
    void canariesAtRestCauseNoRequestNoQueryAndNoTimer() throws Exception {
        try (var cluster = new Cluster();
                var serinus = RunningSerinus.on(cluster, "idle");
                var history = new History(serinus.kafka)) {
            cluster.apply(Manifests.namespace("shop"));
            for (int i = 0; i < CANARIES; i++) {
                cluster.apply(Manifests.deployment("shop", "app" + i, 1));
                cluster.apply(Manifests.canary("shop", "app" + i, ""));
            }
            await("all canaries to be initialised")
                    .atMost(Duration.ofSeconds(60 + CANARIES))
                    .until(() -> initialized(history).size() == CANARIES);
            var broker = new Broker(serinus.kafka);
            settle(cluster, broker);

            long requests = cluster.apiServer.requests();
            int queries = cluster.queries.get();
            int checks = cluster.checks.get();
            var records = new HashMap<>(broker.ends("serinus.trial."));
            Thread.sleep(WATCHED); // what is shown is that nothing happens in this time

            assertThat(cluster.apiServer.requests())
                    .as("API requests that are no watches")
                    .isEqualTo(requests);
            assertThat(cluster.queries.get()).as("metric queries").isEqualTo(queries);
            assertThat(cluster.checks.get() - checks)
                    .as("looks at the metrics server, one in half a minute for all canaries")
                    .isLessThanOrEqualTo(1 + (int) (WATCHED.toSeconds() / 30));
            var after = new HashMap<>(broker.ends("serinus.trial."));
            long signs =
                    requireNonNull(after.remove(SIGNS_OF_LIFE))
                            - requireNonNull(records.remove(SIGNS_OF_LIFE));
            assertThat(signs)
                    .as("signs of life of the watcher, one in a minute for all canaries")
                    .isLessThanOrEqualTo(1 + WATCHED.toMinutes());
            assertThat(after)
                    .as("records of any kind: timers are journalled like every other input")
                    .isEqualTo(records);
        }
    }

    private static Set<String> initialized(History history) {
        return history.events().stream()
                .filter(e -> e.getType().equals("Initialized"))
                .map(e -> e.getCanary().toString())
                .collect(toSet());
    }

    /** The last events travel on after the canaries are told to be at rest. */
    private static void settle(Cluster cluster, Broker broker) {
        var before = new Object[2];
        await("nothing to be under way any more")
                .atMost(Duration.ofSeconds(60 + CANARIES / 4))
                .pollInterval(Duration.ofSeconds(2))
                .until(
                        () -> {
                            Object requests = cluster.apiServer.requests();
                            Object ends = broker.ends("serinus.trial.");
                            boolean same = requests.equals(before[0]) && ends.equals(before[1]);
                            before[0] = requests;
                            before[1] = ends;
                            return same;
                        });
    }
}
