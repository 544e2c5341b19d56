package dev.serinus.watcher.observe;

import static dev.serinus.watcher.Objects.installation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.events.CanariesListed;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.PartitionedOutbox;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import org.junit.jupiter.api.Test;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

class HeartbeatsTest {

    private static final Instant NOW = Instant.parse("2026-11-30T10:00:00Z");

    private final List<Change> sent = new ArrayList<>();
    private boolean seen = true;
    private boolean refused;
    private boolean broken;

    private final Heartbeats heartbeats =
            new Heartbeats(
                    installation("http://prometheus:9090"),
                    () -> {
                        if (broken) {
                            throw new IllegalStateException("broken");
                        }
                        return seen;
                    },
                    new Topics(KafkaSettings.at("127.0.0.1:1")).changes("lab"),
                    new PartitionedOutbox() {
                        @Override
                        public int partitions(Topic<CanaryKey, ?> topic) {
                            return 3;
                        }

                        @Override
                        public <V> void send(
                                Topic<CanaryKey, V> topic, int partition, CanaryKey key, V value) {
                            if (refused) {
                                throw new IllegalStateException("refused");
                            }
                            assertThat(partition).isZero();
                            assertThat(key).hasToString("lab/*/*");
                            sent.add((Change) value);
                        }
                    },
                    () -> NOW);

    @Test
    void aSignOfLifeIsAListOfNoNameAndComesAgainWithinAMinute() throws InterruptedException {
        assertThat(heartbeats.tell()).isEqualTo(Heartbeats.EVERY);

        assertThat(sent)
                .containsExactly(
                        Change.newBuilder()
                                .setCanary("lab/*/*")
                                .setUid("")
                                .setObservedAt(NOW)
                                .setBody(
                                        CanariesListed.newBuilder()
                                                .setPartition(0)
                                                .setPartitions(3)
                                                .setAfter("")
                                                .setUntil("")
                                                .setCanaries(List.of())
                                                .setAgainMillis(60_000)
                                                .build())
                                .build());
    }

    @Test
    void whileTheClusterIsNotSeenNothingIsTold() throws InterruptedException {
        seen = false;

        assertThat(heartbeats.tell()).isEqualTo(Heartbeats.SOON);

        assertThat(sent).isEmpty();
    }

    @Test
    void whateverGoesWrongItGoesOn() throws InterruptedException {
        broken = true;

        assertThat(heartbeats.tell()).isEqualTo(Heartbeats.EVERY);

        broken = false;
        heartbeats.tell();
        assertThat(sent).hasSize(1);
    }

    @Test
    void oneThatIsRefusedIsToldNextTime() throws InterruptedException {
        refused = true;

        assertThat(heartbeats.tell()).isEqualTo(Heartbeats.EVERY);

        refused = false;
        heartbeats.tell();
        assertThat(sent).hasSize(1);
    }
}
