package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.replay.ReplayJournal;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.GateTimeout;
import dev.serinus.schemas.events.GroupMember;
import dev.serinus.schemas.events.OnGateTimeout;
import dev.serinus.schemas.events.ReleaseGroup;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.events.RouterAction;
import dev.serinus.schemas.events.RouterCommand;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A group of three over two clusters on a real broker, of which the hub is killed again and again.
 */
@Tag("long")
class GroupsIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int KILLS = 3;
    private static final Set<String> ENDED = Set.of("Succeeded", "Failed");
    private static final List<String> CLUSTERS = List.of("west", "east");

    /** Of whom the primary may be touched. */
    private static final Set<String> LET_THROUGH = Set.of("Promoting", "Finalising", "Succeeded");

    private final PretendCluster cart = member("west", "cart");
    private final PretendCluster pay = member("east", "pay");
    private final PretendCluster mail = member("west", "mail");
    private final List<PretendCluster> members = List.of(cart, pay, mail);

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void killedAtAnyMomentTheHubPromotesAllOnceAllAreReadyAndEachOnce(long seed, @TempDir Path data)
            throws Exception {
        release(
                seed,
                data,
                edges -> {
                    assertThat(phases(edges)).containsOnly("Succeeded");
                    assertThat(promotions(edges)).as("seed %d", seed).containsOnly(1L).hasSize(3);
                    assertThat(isTogether(edges)).as("seed %d", seed).isTrue();
                });
    }

    @ParameterizedTest
    @ValueSource(longs = {3, 4})
    void killedAtAnyMomentTheHubTakesAllBackWhereOneFails(long seed, @TempDir Path data)
            throws Exception {
        mail.successRate = 10;

        release(
                seed,
                data,
                edges -> {
                    assertThat(phases(edges)).containsOnly("Failed");
                    assertThat(promotions(edges)).as("seed %d", seed).isEmpty();
                    assertThat(edges.<RolloutEvent>read(TopicKind.ROLLOUT_EVENTS, ""))
                            .filteredOn(
                                    it ->
                                            it.getMessage()
                                                    .contains(
                                                            "group checkout: west/test/mail"
                                                                    + " failed"))
                            .extracting(RolloutEvent::getCanary)
                            .contains("west/test/cart", "east/test/pay");
                });
    }

    private static PretendCluster member(String cluster, String name) {
        var canary = new PretendCluster(new CanaryKey(cluster, "test", name), 1_000);
        canary.group =
                ReleaseGroup.newBuilder()
                        .setName("checkout")
                        .setLimit(new GateTimeout(3_600_000L, OnGateTimeout.FAIL))
                        .setMembers(
                                List.of(
                                        new GroupMember("west", null, "cart"),
                                        new GroupMember("east", null, "pay"),
                                        new GroupMember("west", null, "mail")))
                        .build();
        return canary;
    }

    /** What is to hold once all have ended. */
    private interface Outcome {
        void check(Edges edges);
    }

    private void release(long seed, Path data, Outcome outcome) throws Exception {
        var chance = new Random(seed);
        try (var broker = EmbeddedBroker.start(data.resolve("broker"), 0);
                var edges = new Edges(broker.bootstrapServers())) {
            edges.provision(List.of(TopicKind.values()), "west");
            edges.provision(
                    List.of(TopicKind.values()).stream().filter(kind -> !kind.isOfHub()).toList(),
                    "east",
                    4);
            var analysis =
                    AnalysisProcess.start(broker.bootstrapServers(), data.resolve("analysis"));
            try {
                members.forEach(edges::join);
                await().atMost(PATIENCE)
                        .until(() -> phases(edges).stream().allMatch("Initialized"::equals));

                members.forEach(canary -> edges.tell(canary.released("b")));
                for (int kill = 0; kill < KILLS; kill++) {
                    int moment = decisions(edges) + 1 + chance.nextInt(40);
                    await().atMost(PATIENCE)
                            .until(() -> decisions(edges) >= moment || haveEnded(edges));
                    analysis.kill();
                    analysis = analysis.again();
                }

                await().atMost(PATIENCE).until(() -> haveEnded(edges));
                outcome.check(edges);
                BudgetsIT.awaitNumbersWithoutGaps(edges);
                assertReplays(broker.bootstrapServers());
            } finally {
                analysis.close();
            }
        }
    }

    private static void assertReplays(String bootstrapServers) throws Exception {
        var out = new ByteArrayOutputStream();
        int code =
                ReplayJournal.run(
                        List.of("--bootstrap-servers", bootstrapServers),
                        new PrintStream(out, true, UTF_8));
        assertThat(code).as(() -> out.toString(UTF_8)).isZero();
        assertThat(out.toString(UTF_8)).contains("decisions on permits replayed, 0 came");
    }

    private List<String> phases(Edges edges) {
        return members.stream().map(each -> edges.phase(each.canary)).toList();
    }

    private boolean haveEnded(Edges edges) {
        return ENDED.containsAll(phases(edges));
    }

    private static int decisions(Edges edges) {
        return read(edges, TopicKind.JOURNAL).size() + BudgetsIT.permits(edges).size();
    }

    private static List<Object> read(Edges edges, TopicKind kind) {
        return CLUSTERS.stream().<Object>flatMap(it -> edges.read(kind, it).stream()).toList();
    }

    /** How often each primary was to get the new template, that it was promoted by at all. */
    private static List<Long> promotions(Edges edges) {
        Map<String, Set<Object>> steps = new HashMap<>();
        read(edges, TopicKind.ROUTER_COMMANDS).stream()
                .map(RouterCommand.class::cast)
                .filter(command -> command.getAction() == RouterAction.PROMOTE)
                .forEach(
                        command ->
                                steps.merge(
                                        command.getCanary(),
                                        Set.of(command.getStep().getStep()),
                                        GroupsIT::both));
        return steps.values().stream().map(it -> (long) it.size()).toList();
    }

    private static Set<Object> both(Set<Object> some, Set<Object> others) {
        return Set.copyOf(Stream.concat(some.stream(), others.stream()).distinct().toList());
    }

    /** In the order of decisions nobody is promoted before each has waited for the others. */
    private boolean isTogether(Edges edges) {
        List<RolloutState> states =
                new ArrayList<>(edges.<RolloutState>read(TopicKind.ROLLOUTS, ""));
        states.sort(Comparator.comparing(RolloutState::getUpdatedAt));
        Map<String, Boolean> waited = new HashMap<>();
        for (RolloutState state : states) {
            if (state.getPhase().equals("WaitingPromotion")) {
                waited.put(state.getCanary(), true);
            }
            if (LET_THROUGH.contains(state.getPhase()) && waited.size() < members.size()) {
                return false;
            }
        }
        return true;
    }
}
