package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.events.MetricQuery;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

class RegistryAwayTest {

    private static final CanaryKey PODINFO = new CanaryKey("west", "test", "podinfo");
    private static final CanaryKey OTHER = new CanaryKey("west", "test", "other");
    private static final Duration SOON = Duration.ofSeconds(30);

    private final PretendRegistry registry = new PretendRegistry();
    private final Topics topics = new Topics(registry.settings());
    private final Bench bench = new Bench(registry.settings(), SizeLimits.of(registry.settings()));
    private final PretendCluster cluster = new PretendCluster(PODINFO, 10_000);

    RegistryAwayTest() throws IOException {}

    @AfterEach
    void close() {
        bench.close();
        registry.close();
    }

    @Test
    void aRecordWhoseSchemaIsNotKnownWaitsInItsOrderWhileOthersGoOn() {
        // Given
        tell(cluster.created());
        tell(new PretendCluster(OTHER, 10_000).created());
        act(OTHER, known(action(OTHER, ActionKind.PAUSE, "before")));
        act(OTHER, known(action(OTHER, ActionKind.RESUME, "before")));
        journal();
        long before = number(PODINFO);
        registry.away = true;

        // When
        act(PODINFO, registry.write(action(PODINFO, ActionKind.PAUSE, "unknown")));
        act(PODINFO, known(action(PODINFO, ActionKind.RESUME, "behind it")));
        act(OTHER, known(action(OTHER, ActionKind.PAUSE, "another canary")));

        // Then
        assertThat(reasons(journal())).containsExactly("another canary");
        assertThat(number(PODINFO)).isEqualTo(before);
        registry.away = false;
        List<JournalEntry> later = new ArrayList<>();
        await().atMost(SOON)
                .until(
                        () -> {
                            bench.advance(Duration.ofSeconds(2));
                            later.addAll(journal());
                            return reasons(later).size() == 2;
                        });
        assertThat(reasons(later)).containsExactly("unknown", "behind it");
        assertThat(bench.read(topics.deadLetters("west"))).isEmpty();
    }

    @Test
    void factsOfTheSameCanaryFromOtherTopicsGoOn() {
        // Given
        tell(cluster.created());
        journal();
        registry.away = true;
        act(PODINFO, registry.write(action(PODINFO, ActionKind.PAUSE, "unknown")));

        // When
        tell(cluster.released("b"));

        // Then
        assertThat(journal()).isNotEmpty();
    }

    @Test
    void aDecisionThatCannotBeWrittenYetIsNotTaken() {
        // Given
        registry.unregistered.add(subject(TopicKind.JOURNAL, "JournalEntry"));

        // When
        tell(cluster.created());

        // Then
        assertThat(bench.kept(PODINFO)).isNull();
        registry.unregistered.clear();
        await().atMost(SOON)
                .until(
                        () -> {
                            bench.advance(Duration.ofSeconds(2));
                            return bench.kept(PODINFO) != null && number(PODINFO) >= 2;
                        });
        assertThat(journal()).extracting(JournalEntry::getNumber).startsWith(1L, 2L);
        assertThat(bench.read(topics.deadLetters("west"))).isEmpty();
    }

    @Test
    void aTimerWhoseCommandCannotBeWrittenYetIsNotSpent() {
        // Given
        registry.unregistered.add(subject(TopicKind.METRIC_QUERIES, "MetricQuery"));
        tell(cluster.created());
        settle();
        tell(cluster.released("b"));
        settle();
        var before = bench.kept(PODINFO);
        bench.advance(Duration.ofSeconds(10));
        assertThat(bench.kept(PODINFO)).isEqualTo(before);

        // When
        registry.unregistered.clear();

        // Then
        List<MetricQuery> queries = new ArrayList<>();
        await().atMost(SOON)
                .until(
                        () -> {
                            bench.advance(Duration.ofSeconds(2));
                            queries.addAll(bench.read(topics.metricQueries("west")));
                            return !queries.isEmpty();
                        });
        assertThat(bench.read(topics.deadLetters("west"))).isEmpty();
    }

    @Test
    void whenTooManyWaitTheStreamStopsInsteadOfLosingOne() {
        // Given
        registry.away = true;
        byte[] unknown = registry.write(action(PODINFO, ActionKind.PAUSE, ""));
        for (int i = 0; i < HeldRecords.SEATS; i++) {
            act(PODINFO, unknown);
        }

        // Then
        assertThatThrownBy(() -> act(PODINFO, unknown))
                .hasRootCauseInstanceOf(IllegalStateException.class);
    }

    private void settle() {
        for (int turn = 0; turn < 10; turn++) {
            bench.read(topics.routerCommands("west"))
                    .forEach(command -> tell(cluster.answer(command)));
        }
    }

    private void tell(List<PretendCluster.Fact> facts) {
        for (var fact : facts) {
            CanaryKey canary = fact.value().get(0).equals(OTHER.toString()) ? OTHER : PODINFO;
            bench.send(
                    fact.kind().name("west"),
                    canary.toString().getBytes(UTF_8),
                    Bench.SETTINGS.values().serializer().serialize("x", fact.value()));
        }
    }

    private void act(CanaryKey canary, byte[] action) {
        bench.send(TopicKind.ACTIONS.name("west"), canary.toString().getBytes(UTF_8), action);
    }

    private long number(CanaryKey canary) {
        return Objects.requireNonNull(bench.kept(canary)).number();
    }

    private List<JournalEntry> journal() {
        return bench.read(topics.journal("west"));
    }

    private static List<String> reasons(List<JournalEntry> journal) {
        return journal.stream()
                .map(JournalEntry::getInput)
                .filter(Action.class::isInstance)
                .map(input -> ((Action) input).getReason())
                .toList();
    }

    private static String subject(TopicKind kind, String type) {
        return kind.name("west") + "-dev.serinus.schemas.events." + type;
    }

    /** Written without a registry, as everybody can read it. */
    private static byte[] known(Action action) {
        return Bench.SETTINGS.values().serializer().serialize("x", action);
    }

    private static Action action(CanaryKey canary, ActionKind kind, String reason) {
        return Action.newBuilder()
                .setCanary(canary.toString())
                .setActor("ada")
                .setAskedAt(Bench.START)
                .setAction(kind)
                .setReason(reason)
                .build();
    }
}
