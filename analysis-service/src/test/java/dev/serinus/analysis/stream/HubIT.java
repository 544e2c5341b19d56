package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.replay.ReplayJournal;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.events.MetricQuery;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** The service as its own process on a real broker: killed, restarted, met by new clusters. */
class HubIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    @TempDir static Path data;
    private static EmbeddedBroker broker;
    private static Edges edges;
    private static AnalysisProcess analysis;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(data.resolve("broker"), 0);
        edges = new Edges(broker.bootstrapServers());
        edges.provision(List.of(TopicKind.values()), "west");
        analysis = AnalysisProcess.start(broker.bootstrapServers(), data.resolve("analysis"));
        await().atMost(PATIENCE).until(analysis::ready);
    }

    @AfterAll
    static void stop() {
        analysis.close();
        edges.close();
        broker.close();
    }

    @Test
    void killedAgainAndAgainItSkipsNothingRepeatsNothingAndReplaysBitForBit() throws Exception {
        List<PretendCluster> canaries =
                LongStream.range(0, 4)
                        .mapToObj(n -> new CanaryKey("west", "test", "killed-" + n))
                        .map(key -> new PretendCluster(key, 500))
                        .toList();
        canaries.forEach(edges::join);
        awaitPhase(canaries, "Initialized");
        canaries.forEach(canary -> edges.tell(canary.released("b")));

        for (int kill = 0; kill < 3; kill++) {
            long before = edges.read(TopicKind.JOURNAL, "west").size();
            await().atMost(PATIENCE)
                    .until(() -> edges.read(TopicKind.JOURNAL, "west").size() > before + 12);
            analysis.kill();
            analysis = analysis.again();
        }

        awaitPhase(canaries, "Succeeded");
        for (PretendCluster each : canaries) {
            String key = each.canary.toString();
            // Read once: the end of a run may still come.
            var numbers = journal(key).stream().map(JournalEntry::getNumber).toList();
            assertThat(numbers).isNotEmpty().containsExactlyElementsOf(upTo(numbers.size()));
            edges.<RolloutEvent>read(TopicKind.ROLLOUT_EVENTS, "").stream()
                    .filter(event -> event.getCanary().equals(key))
                    .collect(
                            Collectors.groupingBy(
                                    RolloutEvent::getRun,
                                    Collectors.mapping(
                                            RolloutEvent::getSequence, Collectors.toList())))
                    .forEach(
                            (_, sequence) ->
                                    assertThat(sequence)
                                            .containsExactlyElementsOf(upTo(sequence.size())));
            assertThat(edges.<RouterCommand>read(TopicKind.ROUTER_COMMANDS, "west"))
                    .filteredOn(command -> command.getCanary().equals(key))
                    .extracting(RouterCommand::getStep)
                    .isNotEmpty()
                    .doesNotHaveDuplicates();
            assertThat(edges.<MetricQuery>read(TopicKind.METRIC_QUERIES, "west"))
                    .filteredOn(query -> query.getCanary().equals(key))
                    .extracting(MetricQuery::getStep)
                    .isNotEmpty()
                    .doesNotHaveDuplicates();
        }
        var out = new ByteArrayOutputStream();
        int code =
                ReplayJournal.run(
                        List.of("--bootstrap-servers", broker.bootstrapServers()),
                        new PrintStream(out, true, UTF_8));
        assertThat(code).as(() -> out.toString(UTF_8)).isZero();
        assertThat(out.toString(UTF_8)).contains(" 0 came out otherwise");
    }

    @Test
    void aNewClusterIsFoundAndOneThatIsIncompleteHarmsOnlyItself() throws Exception {
        List<TopicKind> inputs =
                List.of(TopicKind.values()).stream().filter(TopicKind::isInput).toList();
        edges.provision(inputs, "east");
        PretendCluster east = new PretendCluster(new CanaryKey("east", "test", "late"), 500);
        PretendCluster west = new PretendCluster(new CanaryKey("west", "test", "early"), 500);
        edges.join(east);
        edges.join(west);

        awaitPhase(List.of(west), "Initialized");
        edges.provision(
                List.of(TopicKind.values()).stream()
                        .filter(kind -> !kind.isInput() && !kind.isOfHub())
                        .toList(),
                "east");

        awaitPhase(List.of(east), "Initialized");
    }

    private static List<JournalEntry> journal(String canary) {
        return edges.<JournalEntry>read(TopicKind.JOURNAL, "west").stream()
                .filter(entry -> entry.getCanary().equals(canary))
                .toList();
    }

    private static void awaitPhase(List<PretendCluster> canaries, String phase) {
        for (PretendCluster each : canaries) {
            await(each.canary + " is " + phase)
                    .atMost(PATIENCE)
                    .until(() -> edges.phase(each.canary).equals(phase));
        }
    }

    private static List<Long> upTo(int size) {
        return LongStream.rangeClosed(1, size).boxed().toList();
    }
}
