package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.records.Inputs;
import dev.serinus.schemas.events.CanariesListed;
import dev.serinus.schemas.events.CanaryGone;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.events.ListedCanary;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Partitions;
import dev.serinus.schemas.topic.TopicKind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;

/** What a list of the Canaries that there are says of those that are known. */
class CanaryListingTest {

    private static final CanaryKey PODINFO = new CanaryKey("west", "test", "podinfo");
    private static final String UID = "uid-of-podinfo";
    private static final Instant LATER = Bench.START.plus(Duration.ofMinutes(1));

    private static final Instant MUCH_LATER = LATER.plus(Duration.ofDays(1));

    private final Topics topics = new Topics(Bench.SETTINGS);
    private final Bench bench = new Bench();
    private final PretendCluster cluster = new PretendCluster(PODINFO, 10_000);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aCanaryThatIsNotListedIsGoneFromStateTopicsAndMetrics() {
        initialized();
        assertThat(bench.registry.find("flagger.canary.status").gauge()).isNotNull();

        list("west", MUCH_LATER, it -> it);

        assertThat(bench.kept(PODINFO)).isNull();
        assertThat(bench.raw(TopicKind.ROLLOUTS, "west"))
                .singleElement()
                .satisfies(
                        tombstone -> {
                            assertThat(tombstone.value()).isNull();
                            assertThat(new String(tombstone.key(), UTF_8))
                                    .isEqualTo("west/test/podinfo");
                        });
        assertThat(bench.registry.find("flagger.canary.status").gauge()).isNull();
        assertThat(bench.read(topics.rolloutEvents()))
                .extracting(RolloutEvent::getType)
                .last()
                .isEqualTo("Terminated");
        var decided = bench.read(topics.journal("west"));
        assertThat(decided).hasSize(1);
        var change = (Change) decided.getFirst().getInput();
        assertThat(change.getBody()).isInstanceOf(CanaryGone.class);
        assertThat(change.getUid()).isEqualTo(UID);
        assertThat(change.getCanary()).isEqualTo(PODINFO.toString());
        assertThat(decided.getFirst().getNumber()).isEqualTo(before + 1);
        assertThat(bench.raw(TopicKind.DEAD_LETTERS, "west")).isEmpty();
    }

    @Test
    void oneThatAnotherInstallationClaimsIsLeftAndItsNumbersAreKept() {
        initialized();

        list("west", MUCH_LATER, it -> it.setLeft(List.of(podinfo(UID))));

        assertThat(bench.read(topics.rolloutEvents()))
                .extracting(RolloutEvent::getType)
                .last()
                .isEqualTo("Left");
        assertThat(bench.raw(TopicKind.ROLLOUTS, "west"))
                .singleElement()
                .satisfies(tombstone -> assertThat(tombstone.value()).isNull());
        var kept = bench.kept(PODINFO);
        assertThat(kept).isNotNull();
        assertThat(kept.rollout().mayReturn()).isTrue();
        assertThat(bench.registry.find("flagger.canary.status").gauge()).isNull();
        long told = kept.rollout().counters().sequence();

        list("west", MUCH_LATER.plusSeconds(1), it -> it);
        assertThat(bench.kept(PODINFO)).as("it is left already").isEqualTo(kept);
        tell(cluster.created(), MUCH_LATER.plusSeconds(2));
        bench.settle(cluster, Duration.ofMinutes(10));

        assertThat(bench.read(topics.rolloutEvents()))
                .isNotEmpty()
                .allSatisfy(event -> assertThat(event.getSequence()).isGreaterThan(told));
    }

    @Test
    void tellingItAgainChangesNothingMore() {
        known();
        list("west", LATER, it -> it);
        bench.read(topics.journal("west"));

        list("west", LATER, it -> it);

        assertThat(bench.read(topics.journal("west"))).isEmpty();
        assertThat(bench.raw(TopicKind.DEAD_LETTERS, "west")).isEmpty();
    }

    @Test
    void aCanaryThatIsListedStays() {
        known();

        list("west", LATER, it -> it.setCanaries(List.of(podinfo(UID))));

        assertStays();
    }

    @Test
    void oneOfTheSameNameIsAnother() {
        known();

        list("west", LATER, it -> it.setCanaries(List.of(podinfo("uid-of-another"))));

        assertThat(bench.kept(PODINFO)).isNull();
    }

    @Test
    void aListOfAnotherNamespaceSaysNothing() {
        known();

        list("west", LATER, it -> it.setNamespace("other"));
        assertStays();

        list("west", LATER, it -> it.setNamespace("test"));
        assertThat(bench.kept(PODINFO)).isNull();
    }

    @Test
    void aPartOfTheListSaysNothingOfTheNamesBeyondIt() {
        known();

        list("west", LATER, it -> it.setUntil("test/podinfn"));
        list("west", LATER, it -> it.setAfter("test/podinfo"));
        assertStays();

        list("west", LATER, it -> it.setAfter("test/podinfn").setUntil("test/podinfo"));
        assertThat(bench.kept(PODINFO)).isNull();
    }

    @Test
    void aSignOfLifeSaysNothingOfAnyCanary() {
        known();

        list("west", LATER, it -> it.setAfter("").setUntil("").setAgainMillis(60_000));

        assertStays();
        assertThat(bench.raw(TopicKind.DEAD_LETTERS, "west")).isEmpty();
    }

    @Test
    void aListSaysNothingOfCanariesOfOtherPartitions() {
        known();
        assertThat(Partitions.of(PODINFO, 5)).isNotZero();

        list("west", LATER, it -> it.setPartitions(5));

        assertStays();
    }

    @Test
    void anotherClustersListSaysNothing() {
        known();

        list("east", LATER, it -> it);

        assertStays();
    }

    @Test
    void aCanaryThatWasToldOfAfterTheLookStays() {
        known();
        tell(cluster.released("b"), LATER.plusMillis(1));
        bench.read(topics.journal("west"));

        list("west", LATER, it -> it);

        assertStays();
    }

    @Test
    void aListInAnotherPartitionThanItsOwnIsSetAside() {
        known();

        list("west", LATER, it -> it.setPartition(1).setPartitions(2));

        assertThat(bench.read(topics.deadLetters("west")))
                .singleElement()
                .extracting(DeadLetter::getReason)
                .isEqualTo("a list about partition 1 of 2 lies in partition 0");
        assertStays();
    }

    @Test
    void aListWaitsBehindTheRecordsOfAClusterThatIsNotComplete() {
        bench.incomplete.add("west");
        tell(cluster.created(), Bench.START);
        list("west", LATER, it -> it);

        bench.incomplete.clear();
        bench.advance(Duration.ofSeconds(5));

        assertThat(bench.read(topics.journal("west")))
                .extracting(JournalEntry::getInput)
                .last()
                .extracting(input -> ((Change) input).getBody())
                .isInstanceOf(CanaryGone.class);
        assertThat(bench.kept(PODINFO)).isNull();
    }

    private long before;

    /** Something was told of it. */
    private void initialized() {
        tell(cluster.created(), Bench.START);
        bench.settle(cluster, Duration.ofMinutes(10));
        noted();
    }

    private void known() {
        tell(cluster.created(), Bench.START);
        noted();
    }

    private void noted() {
        bench.raw(TopicKind.ROLLOUTS, "west");
        before = bench.read(topics.journal("west")).getLast().getNumber();
    }

    private void assertStays() {
        assertThat(bench.kept(PODINFO)).isNotNull();
        assertThat(bench.read(topics.journal("west"))).isEmpty();
    }

    private static ListedCanary podinfo(String uid) {
        return new ListedCanary("test", "podinfo", uid);
    }

    private void list(String of, Instant at, UnaryOperator<CanariesListed.Builder> listed) {
        var key = new CanaryKey(of, "*", "*");
        var everything =
                CanariesListed.newBuilder().setPartition(0).setPartitions(1).setCanaries(List.of());
        bench.send(
                topics.changes(of),
                key,
                Change.newBuilder()
                        .setCanary(key.toString())
                        .setUid("")
                        .setObservedAt(at)
                        .setBody(listed.apply(everything).build())
                        .build());
    }

    private void tell(List<PretendCluster.Fact> facts, Instant observedAt) {
        for (var fact : facts) {
            var change = Change.newBuilder((Change) fact.value()).setObservedAt(observedAt).build();
            bench.send(
                    topics.changes("west"),
                    CanaryKey.parse(Inputs.canary(change).orElseThrow()),
                    change);
        }
    }
}
