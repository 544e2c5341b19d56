package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.schemas.events.Announcement;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.events.MetricCounts;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.events.StatusUpdate;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;

class RolloutScenarioTest {

    private static final CanaryKey PODINFO = new CanaryKey("west", "test", "podinfo");

    private final Topics topics = new Topics(Bench.SETTINGS);
    private final Bench bench = new Bench();
    private final PretendCluster cluster = new PretendCluster(PODINFO, 10_000);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void aGoodReleaseIsPromotedAndABadOneTakenBack() {
        tell(cluster.created());
        settle();
        assertThat(state().getPhase()).isEqualTo("Initialized");

        tell(cluster.released("b"));
        settle();
        assertThat(state())
                .returns("Succeeded", RolloutState::getPhase)
                .returns("b", RolloutState::getPromotedRevision);

        cluster.successRate = 50;
        tell(cluster.released("c"));
        settle();
        assertThat(state())
                .returns("Failed", RolloutState::getPhase)
                .returns("b", RolloutState::getPromotedRevision);
    }

    @Test
    void aLimitOfAMetricIsCountedInTheStatusAndTheHistoryAndComesBeforeTheThreshold() {
        cluster.threshold = 10;
        cluster.failureLimit = 1;
        tell(cluster.created());
        settle();
        bench.read(topics.announcements("west"));
        cluster.successRate = 50;
        tell(cluster.released("b"));
        settle();

        assertThat(state())
                .returns("Failed", RolloutState::getPhase)
                .returns("a", RolloutState::getPromotedRevision);
        assertThat(bench.read(topics.announcements("west")))
                .map(Announcement::getStatus)
                .filteredOn(Objects::nonNull)
                .flatMap(StatusUpdate::getCounts)
                .last()
                .returns("request-success-rate", MetricCounts::getName)
                .returns(2, MetricCounts::getFailed)
                .returns(1, MetricCounts::getFailureLimit);
        assertThat(bench.read(topics.rolloutEvents()))
                .filteredOn(event -> event.getType().equals("CheckFailed"))
                .hasSize(2)
                .last()
                .extracting(event -> event.getEvidence().getFirst().getCounts().getFailed())
                .isEqualTo(2);
    }

    @Test
    void theJournalHasEveryInputWithoutGapsAndOutcomesFollow() {
        tell(cluster.created());
        settle();
        tell(cluster.released("b"));
        settle();

        List<JournalEntry> journal = bench.read(topics.journal("west"));
        assertThat(journal)
                .extracting(JournalEntry::getNumber)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, journal.size()).boxed().toList());
        assertThat(journal).extracting(JournalEntry::getAt).isSorted();
        assertThat(journal)
                .extracting(entry -> entry.getInput().getClass().getSimpleName())
                .contains("Change", "RouterResult", "MetricResult", "TimerFired");
        assertThat(journal).extracting(JournalEntry::getDecision).allMatch(it -> it.length() == 16);
    }

    @Test
    void theHistoryIsNumberedWithoutGapsWithinARunAndCarriesCloudEventsHeaders() {
        tell(cluster.created());
        settle();
        tell(cluster.released("b"));
        settle();

        List<TestRecord<byte[], byte[]>> raw = bench.raw(TopicKind.ROLLOUT_EVENTS, "west");
        List<RolloutEvent> history =
                raw.stream()
                        .map(
                                record ->
                                        topics.rolloutEvents()
                                                .values()
                                                .deserializer()
                                                .deserialize("", record.value()))
                        .toList();
        for (long run : new long[] {0, 1}) {
            List<Long> sequence =
                    history.stream()
                            .filter(event -> event.getRun() == run)
                            .map(RolloutEvent::getSequence)
                            .toList();
            assertThat(sequence)
                    .isNotEmpty()
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, sequence.size()).boxed().toList());
        }
        RolloutEvent last = history.getLast();
        Headers headers = raw.getLast().headers();
        assertThat(header(headers, "ce_specversion")).isEqualTo("1.0");
        assertThat(header(headers, "ce_id"))
                .isEqualTo("%s-%d-%d".formatted(last.getUid(), last.getRun(), last.getSequence()));
        assertThat(header(headers, "ce_type")).isEqualTo("dev.serinus.rollout." + last.getType());
        assertThat(header(headers, "ce_source")).isEqualTo("/serinus/west");
        assertThat(header(headers, "ce_subject")).isEqualTo("west/test/podinfo");
        assertThat(header(headers, "ce_time")).isEqualTo(last.getAt().toString());
        assertThat(Long.parseLong(header(headers, "ce_sequence"))).isEqualTo(last.getSequence());
        assertThat(raw).extracting(it -> header(it.headers(), "ce_id")).doesNotHaveDuplicates();
    }

    @Test
    void deliveryToolsHearOfDeploymentUpgradeAndRollback() throws IOException {
        tell(cluster.created());
        settle();
        tell(cluster.released("b"));
        settle();
        cluster.successRate = 50;
        tell(cluster.released("c"));
        settle();

        List<TestRecord<byte[], byte[]>> events = bench.raw(TopicKind.CDEVENTS, "west");

        assertThat(events)
                .extracting(it -> header(it.headers(), "ce_type"))
                .containsExactly(
                        "dev.cdevents.service.deployed.0.2.0",
                        "dev.cdevents.service.upgraded.0.2.0",
                        "dev.cdevents.service.rolledback.0.2.0");
        var rolledBack = new ObjectMapper().readTree(events.getLast().value());
        assertThat(rolledBack.at("/context/type").asText())
                .isEqualTo("dev.cdevents.service.rolledback.0.2.0");
        assertThat(rolledBack.at("/subject/id").asText()).isEqualTo("test/deployment/podinfo");
        assertThat(rolledBack.at("/subject/content/environment/id").asText())
                .isEqualTo("west/test");
        assertThat(rolledBack.at("/subject/content/artifactId").asText())
                .isEqualTo("pkg:generic/test/podinfo@b");
        assertThat(header(events.getLast().headers(), "content-type"))
                .isEqualTo("application/json");
    }

    @Test
    void atRestNothingIsDueAndNothingHappens() {
        tell(cluster.created());
        settle();
        bench.read(topics.journal("west"));

        bench.advance(Duration.ofDays(1));

        assertThat(bench.read(topics.journal("west"))).isEmpty();
    }

    @Test
    void aRepeatedFactIsJournalledAndAsksForNothing() {
        List<PretendCluster.Fact> created = cluster.created();
        tell(created);
        settle();
        bench.raw(TopicKind.ROLLOUTS, "west");
        bench.raw(TopicKind.ANNOUNCEMENTS, "west");
        bench.read(topics.journal("west"));

        tell(List.of(created.getFirst()));

        assertThat(bench.read(topics.journal("west"))).hasSize(1);
        assertThat(bench.raw(TopicKind.ROLLOUTS, "west")).isEmpty();
        assertThat(bench.raw(TopicKind.ANNOUNCEMENTS, "west")).isEmpty();
    }

    @Test
    void aCanaryThatIsGoneLeavesATombstoneAndNoState() {
        tell(cluster.created());
        settle();
        bench.raw(TopicKind.ROLLOUTS, "west");

        tell(cluster.gone());

        assertThat(bench.raw(TopicKind.ROLLOUTS, "west"))
                .singleElement()
                .satisfies(
                        tombstone -> {
                            assertThat(tombstone.value()).isNull();
                            assertThat(new String(tombstone.key(), UTF_8))
                                    .isEqualTo("west/test/podinfo");
                        });
        assertThat(bench.kept(PODINFO)).isNull();
    }

    @Test
    void anAnswerAboutACanaryNobodyKnowsLeavesNoTrace() {
        tell(cluster.gone());

        assertThat(bench.read(topics.journal("west"))).isEmpty();
        assertThat(bench.kept(PODINFO)).isNull();
        assertThat(bench.raw(TopicKind.DEAD_LETTERS, "west")).isEmpty();
    }

    @Test
    void theTimeOfACanaryNeverGoesBackWhateverTheClockSays() {
        tell(cluster.created());
        bench.setBack(Duration.ofHours(1));
        settle();

        assertThat(bench.read(topics.journal("west"))).extracting(JournalEntry::getAt).isSorted();
    }

    @Test
    void recordsOfAnIncompleteClusterWaitInOrderAndHarmOnlyIt() {
        var east = new PretendCluster(new CanaryKey("east", "test", "podinfo"), 10_000);
        bench.incomplete.add("east");
        tell(east.created());
        tell(cluster.created());
        assertThat(bench.read(topics.journal("east"))).isEmpty();
        assertThat(bench.read(topics.journal("west"))).isNotEmpty();

        bench.incomplete.clear();
        bench.advance(Duration.ofSeconds(5));

        assertThat(bench.read(topics.journal("east")))
                .extracting(entry -> ((Change) entry.getInput()).getBody().getClass())
                .map(Class::getSimpleName)
                .startsWith("CanaryObserved", "WorkloadObserved");
    }

    private void tell(List<PretendCluster.Fact> facts) {
        bench.tell(facts);
    }

    private void settle() {
        bench.settle(cluster, Duration.ofMinutes(10));
    }

    private RolloutState state() {
        return bench.read(topics.rollouts()).getLast();
    }

    private static String header(Headers headers, String name) {
        return new String(headers.lastHeader(name).value(), UTF_8);
    }
}
