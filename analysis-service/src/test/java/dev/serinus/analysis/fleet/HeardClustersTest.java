package dev.serinus.analysis.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.fleet.HeardClusters.Signs;
import dev.serinus.analysis.permit.SilentCluster;

import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;

class HeardClustersTest {

    private static final Instant START = Instant.parse("2026-11-30T10:00:00Z");
    private static final Duration EVERY = Duration.ofMinutes(1);
    private static final Duration AFTER = Duration.ofMinutes(5);

    private final HeardClusters clusters = new HeardClusters();
    private Instant now = START;

    @Test
    void aClusterFromWhichNothingComesForTooLongIsSilentSinceItWasLastHeard() {
        read("eu", "us");
        heard("eu");
        heard("us");

        pass(Duration.ofMinutes(5), "eu");
        assertThat(clusters.silent(now, AFTER)).hasValueSatisfying(it -> assertThat(it).isEmpty());

        pass(Duration.ofMinutes(1), "eu");

        assertThat(clusters.silent(now, AFTER))
                .hasValueSatisfying(
                        it -> assertThat(it).containsExactly(new SilentCluster("us", START)));
        assertThat(clusters.all(now, AFTER))
                .containsExactly(
                        new HeardClusters.State("eu", now, false),
                        new HeardClusters.State("us", START, true));
    }

    @Test
    void oneThatSpeaksAgainIsSilentUntilWhatHappenedMeanwhileIsToldAsWell() {
        read("eu");
        heard("eu");
        pass(Duration.ofMinutes(20));

        heard("eu");

        assertThat(clusters.silent(now, AFTER).orElseThrow())
                .containsExactly(new SilentCluster("eu", START));
        pass(Duration.ofMinutes(1), "eu");
        assertThat(clusters.silent(now, AFTER).orElseThrow()).isEmpty();
    }

    @Test
    void aSignThatComesLateIsNoSilence() {
        read("eu");
        heard("eu");
        pass(Duration.ofMinutes(4));

        heard("eu");

        assertThat(clusters.silent(now, AFTER).orElseThrow()).isEmpty();
    }

    @Test
    void ofOneThatNeverGaveASignNothingIsTold() {
        read("eu");

        pass(Duration.ofHours(1));

        assertThat(clusters.silent(now, AFTER).orElseThrow()).isEmpty();
        assertThat(clusters.all(now, AFTER)).isEmpty();
    }

    @Test
    void oneWhoseWatcherIsTakenBackToAReleaseWithoutSignsIsNoLongerSilent() {
        read("eu");
        heard("eu");
        pass(Duration.ofMinutes(10));

        clusters.givesNone("eu");

        assertThat(clusters.signs("eu", now, AFTER)).isEqualTo(Signs.NONE);
        assertThat(clusters.silent(now, AFTER).orElseThrow()).isEmpty();
        assertThat(clusters.all(now, AFTER)).isEmpty();
    }

    /** A sign that was there at the start and is of tomorrow says nothing of now. */
    @Test
    void aSignOfWhichNobodyKnowsWhenItCameIsNoneUntilTheNext() {
        read("eu", "us");
        clusters.heardBefore("eu", now);
        clusters.heardBefore("us", now);
        assertThat(clusters.signs("eu", now, AFTER)).isEqualTo(Signs.UNKNOWN);
        assertThat(clusters.all(now, AFTER)).isEmpty();

        pass(Duration.ofMinutes(6), "us");

        assertThat(clusters.signs("us", now, AFTER)).isEqualTo(Signs.COME);
        assertThat(clusters.signs("eu", now, AFTER)).isEqualTo(Signs.OVERDUE);
        assertThat(clusters.silent(now, AFTER).orElseThrow())
                .containsExactly(new SilentCluster("eu", START));
    }

    @Test
    void aSignOfWhichNobodyKnowsWhenItCameTakesNothingFromWhatIsKnown() {
        read("eu");
        heard("eu");

        clusters.heardBefore("eu", now.plusSeconds(30));

        assertThat(clusters.signs("eu", now, AFTER)).isEqualTo(Signs.COME);
    }

    @Test
    void whileKafkaHasNoLeaderForTheSignsOfOneItIsNotThatOneThatIsSilent() {
        read("eu", "us");
        heard("eu");
        heard("us");

        for (int look = 0; look < 36; look++) {
            now = now.plusSeconds(10);
            heard("us");
            clusters.looked(Set.of("eu", "us"), Set.of("eu"), now);
        }
        assertThat(clusters.silent(now, AFTER).orElseThrow()).isEmpty();
        assertThat(clusters.signs("eu", now, AFTER)).isEqualTo(Signs.UNKNOWN);
        assertThat(clusters.signs("us", now, AFTER)).isEqualTo(Signs.COME);
        assertThat(clusters.all(now, AFTER))
                .as("nobody says that one was heard which cannot be")
                .containsExactly(new HeardClusters.State("us", now, false));

        clusters.looked(Set.of("eu", "us"), now);
        assertThat(clusters.all(now, AFTER)).contains(new HeardClusters.State("eu", START, false));

        pass(Duration.ofMinutes(6), "us");

        assertThat(clusters.signs("eu", now, AFTER)).isEqualTo(Signs.OVERDUE);
        assertThat(clusters.all(now, AFTER)).contains(new HeardClusters.State("eu", START, true));
    }

    @Test
    void whereNoSignWasFoundItIsNotKnownWhetherItIsSilent() {
        clusters.looked(Set.of("eu", "us"), now);
        heard("eu");
        assertThat(clusters.signs("eu", now, AFTER)).isEqualTo(Signs.UNKNOWN);

        clusters.wasRead();

        assertThat(clusters.signs("eu", now, AFTER)).isEqualTo(Signs.COME);
        assertThat(clusters.signs("us", now, AFTER)).isEqualTo(Signs.UNKNOWN);
        assertThat(clusters.signs("gone", now, AFTER)).isEqualTo(Signs.NONE);
        pass(Duration.ofMinutes(10));
        assertThat(clusters.signs("eu", now, AFTER)).isEqualTo(Signs.OVERDUE);
    }

    @Test
    void nothingCanBeToldBeforeAllWasReadAndWhileKafkaDoesNotAnswer() {
        heard("eu");
        clusters.looked(Set.of("eu"), now);
        assertThat(clusters.silent(now, AFTER)).isEmpty();

        clusters.wasRead();
        now = now.plus(Duration.ofMinutes(10));

        assertThat(clusters.silent(now, AFTER)).isEmpty();
        assertThat(clusters.all(now, AFTER)).noneMatch(HeardClusters.State::silent);
    }

    @Test
    void timeInWhichKafkaDidNotAnswerCountsForNobody() {
        read("eu");
        heard("eu");

        now = now.plus(Duration.ofHours(2));
        clusters.looked(Set.of("eu"), now);

        assertThat(clusters.silent(now, AFTER).orElseThrow()).isEmpty();
        pass(Duration.ofMinutes(6));
        assertThat(clusters.silent(now, AFTER).orElseThrow()).hasSize(1);
    }

    @Test
    void aSignThatComesLateAsKafkaWasAwayMakesNobodySilent() {
        read("eu");
        heard("eu");

        now = now.plus(Duration.ofHours(2));
        clusters.looked(Set.of("eu"), now);
        clusters.heard("eu", now.minus(Duration.ofHours(1)), EVERY);

        assertThat(clusters.silent(now, AFTER).orElseThrow()).isEmpty();
        assertThat(clusters.all(now, AFTER))
                .containsExactly(
                        new HeardClusters.State("eu", START.plus(Duration.ofHours(1)), false));
    }

    @Test
    void whatIsReadOnceMoreMakesNobodyOlder() {
        read("eu");
        heard("eu");
        pass(Duration.ofMinutes(3), "eu");

        clusters.heard("eu", START, EVERY);

        assertThat(clusters.all(now, AFTER))
                .containsExactly(new HeardClusters.State("eu", now, false));
    }

    @Test
    void oneWhoseTopicsWentIsForgotten() {
        read("eu", "us");
        heard("eu");
        heard("us");
        pass(Duration.ofMinutes(10), "eu");

        clusters.looked(Set.of("eu"), now);

        assertThat(clusters.silent(now, AFTER).orElseThrow()).isEmpty();
        assertThat(clusters.all(now, AFTER)).hasSize(1);
    }

    @Test
    void aPartitionWithoutALeaderIsNotWaitedFor() {
        var broker = new Node(1, "127.0.0.1", 9092);
        var none = new Node[0];

        assertThat(
                        HeartbeatReader.readable(
                                Map.of(
                                        "eu",
                                        List.of(
                                                new PartitionInfo("eu", 0, broker, none, none),
                                                new PartitionInfo("eu", 1, broker, none, none)),
                                        "us",
                                        List.of(new PartitionInfo("us", 0, null, none, none)))))
                .containsExactly(new TopicPartition("eu", 0));
    }

    private void read(String... there) {
        clusters.looked(Set.of(there), now);
        clusters.wasRead();
    }

    private void heard(String cluster) {
        clusters.heard(cluster, now, EVERY);
    }

    /** Kafka answers all the time, and these speak. */
    private void pass(Duration time, String... speaking) {
        var end = now.plus(time);
        while (now.isBefore(end)) {
            now = now.plusSeconds(20);
            clusters.looked(Set.of("eu", "us"), now);
            if (Duration.between(START, now).toSeconds() % 60 == 0) {
                for (String cluster : speaking) {
                    heard(cluster);
                }
            }
        }
    }
}
