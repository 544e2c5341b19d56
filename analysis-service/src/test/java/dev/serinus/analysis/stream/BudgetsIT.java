package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.replay.ReplayJournal;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.PermitEntry;
import dev.serinus.schemas.events.Predecessor;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;

/** A budget over two clusters on a real broker, of which the hub is killed again and again. */
@Tag("long")
class BudgetsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Set<String> NOT_RUNNING =
            Set.of("", "Initializing", "Initialized", "Waiting", "Succeeded", "Failed");

    @Test
    void killedAgainAndAgainTheHubLetsNoMoreRunThanTheBudgetAndEverybodyInTheEnd(@TempDir Path data)
            throws Exception {
        Path file = Files.writeString(data.resolve("fleet.yaml"), "budgets: [{name: all, max: 1}]");
        try (var broker = EmbeddedBroker.start(data.resolve("broker"), 0);
                var edges = new Edges(broker.bootstrapServers())) {
            edges.provision(List.of(TopicKind.values()), "west");
            edges.provision(
                    List.of(TopicKind.values()).stream().filter(kind -> !kind.isOfHub()).toList(),
                    "east",
                    4); // by its key a scope would be decided upon in another partition there
            var analysis =
                    AnalysisProcess.start(
                            Map.of(
                                    "KAFKA_BOOTSTRAP_SERVERS",
                                    broker.bootstrapServers(),
                                    "SERINUS_FLEET_FILE",
                                    file.toString()),
                            data.resolve("analysis"));
            try {
                // Given
                List<PretendCluster> canaries =
                        LongStream.range(0, 3)
                                .mapToObj(
                                        n ->
                                                new CanaryKey(
                                                        n % 2 == 0 ? "west" : "east",
                                                        "test",
                                                        "c" + n))
                                .map(key -> new PretendCluster(key, 500))
                                .toList();
                canaries.forEach(edges::join);
                awaitPhase(edges, canaries, "Initialized");

                // When
                canaries.forEach(canary -> edges.tell(canary.released("b")));
                for (int kill = 0; kill < 2; kill++) {
                    int before = permits(edges).size();
                    await().atMost(PATIENCE).until(() -> permits(edges).size() > before + 2);
                    analysis.kill();
                    analysis = analysis.again();
                }

                // Then
                awaitPhase(edges, canaries, "Succeeded");
                assertThat(mostAtOnce(edges)).isEqualTo(1);
                awaitNumbersWithoutGaps(edges);
                var out = new ByteArrayOutputStream();
                int code =
                        ReplayJournal.run(
                                List.of("--bootstrap-servers", broker.bootstrapServers()),
                                new PrintStream(out, true, UTF_8));
                assertThat(code).as(() -> out.toString(UTF_8)).isZero();
                assertThat(out.toString(UTF_8)).contains("decisions on permits replayed, 0 came");
            } finally {
                analysis.close();
            }
        }
    }

    @Test
    void killedAgainAndAgainTheHubLetsNobodyBeginBeforeWhomItWaitsFor(@TempDir Path data)
            throws Exception {
        try (var broker = EmbeddedBroker.start(data.resolve("broker"), 0);
                var edges = new Edges(broker.bootstrapServers())) {
            edges.provision(List.of(TopicKind.values()), "west");
            edges.provision(
                    List.of(TopicKind.values()).stream().filter(kind -> !kind.isOfHub()).toList(),
                    "east",
                    4);
            var analysis =
                    AnalysisProcess.start(
                            Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers()),
                            data.resolve("analysis"));
            try {
                // Given
                var first = new PretendCluster(new CanaryKey("west", "test", "first"), 500);
                var second = new PretendCluster(new CanaryKey("east", "test", "second"), 500);
                second.after = List.of(after(first));
                var third = new PretendCluster(new CanaryKey("west", "test", "third"), 500);
                third.after = List.of(after(second));
                List<PretendCluster> canaries = List.of(first, second, third);
                canaries.forEach(edges::join);
                awaitPhase(edges, canaries, "Initialized");

                // When
                canaries.reversed().forEach(canary -> edges.tell(canary.released("b")));
                for (int kill = 0; kill < 2; kill++) {
                    int before = permits(edges).size();
                    await().atMost(PATIENCE).until(() -> permits(edges).size() > before + 3);
                    analysis.kill();
                    analysis = analysis.again();
                }

                // Then
                awaitPhase(edges, canaries, "Succeeded");
                assertThat(mostAtOnce(edges)).as("one after the other").isEqualTo(1);
                assertThat(begun(edges))
                        .containsExactly("west/test/first", "east/test/second", "west/test/third");
                awaitNumbersWithoutGaps(edges);
                var out = new ByteArrayOutputStream();
                int code =
                        ReplayJournal.run(
                                List.of("--bootstrap-servers", broker.bootstrapServers()),
                                new PrintStream(out, true, UTF_8));
                assertThat(code).as(() -> out.toString(UTF_8)).isZero();
            } finally {
                analysis.close();
            }
        }
    }

    static Predecessor after(PretendCluster other) {
        return Predecessor.newBuilder()
                .setCluster(other.canary.cluster())
                .setName(other.canary.name())
                .build();
    }

    /** Those that ran, in the order in which they did so first. */
    private static List<String> begun(Edges edges) {
        return edges.<RolloutState>read(TopicKind.ROLLOUTS, "west").stream()
                .sorted((a, b) -> a.getUpdatedAt().compareTo(b.getUpdatedAt()))
                .filter(state -> !NOT_RUNNING.contains(state.getPhase()))
                .map(RolloutState::getCanary)
                .distinct()
                .toList();
    }

    /** By the public states, in the order of their decisions. */
    static int mostAtOnce(Edges edges) {
        List<RolloutState> states =
                new ArrayList<>(edges.<RolloutState>read(TopicKind.ROLLOUTS, "west"));
        states.sort((a, b) -> a.getUpdatedAt().compareTo(b.getUpdatedAt()));
        Map<String, String> phases = new HashMap<>();
        int most = 0;
        for (RolloutState state : states) {
            phases.put(state.getCanary(), state.getPhase());
            var running = new HashSet<>(phases.keySet());
            running.removeIf(canary -> NOT_RUNNING.contains(phases.getOrDefault(canary, "")));
            most = Math.max(most, running.size());
        }
        return most;
    }

    /** What was decided last is read last, and from topics of two clusters. */
    static void awaitNumbersWithoutGaps(Edges edges) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> {
                            var numbers =
                                    permits(edges).stream().map(PermitEntry::getNumber).toList();
                            assertThat(numbers)
                                    .containsExactlyInAnyOrderElementsOf(
                                            LongStream.rangeClosed(1, numbers.size())
                                                    .boxed()
                                                    .toList());
                        });
    }

    static List<PermitEntry> permits(Edges edges) {
        List<PermitEntry> all =
                new ArrayList<>(edges.<PermitEntry>read(TopicKind.PERMIT_JOURNAL, "west"));
        all.addAll(edges.read(TopicKind.PERMIT_JOURNAL, "east"));
        return all;
    }

    static void awaitPhase(Edges edges, List<PretendCluster> canaries, String phase) {
        for (PretendCluster each : canaries) {
            await(each.canary + " is " + phase)
                    .atMost(PATIENCE)
                    .until(() -> edges.phase(each.canary).equals(phase));
        }
    }
}
