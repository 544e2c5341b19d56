package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.fleet.HeardClusters.Signs;
import dev.serinus.analysis.permit.SilentCluster;
import dev.serinus.analysis.records.Inputs;
import dev.serinus.analysis.replay.FleetReplay;
import dev.serinus.analysis.replay.Replay;
import dev.serinus.analysis.rules.FleetConfig;
import dev.serinus.analysis.rules.FleetFile;
import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.events.PermitEntry;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

/** Canaries of two clusters that share budgets, in the real topology. */
class BudgetsTest {

    private static final CanaryKey CART = new CanaryKey("west", "test", "cart");
    private static final CanaryKey PAY = new CanaryKey("east", "test", "pay");

    private final Topics topics = new Topics(Bench.SETTINGS);
    private final AtomicReference<FleetConfig> config = new AtomicReference<>(FleetConfig.NONE);
    private Signs signs = Signs.NONE;
    private final Bench bench =
            new Bench(
                    new FleetRulesSource(config::get, true),
                    new SilenceSource() {
                        @Override
                        public Optional<List<SilentCluster>> silent() {
                            return Optional.of(List.of());
                        }

                        @Override
                        public Signs of(String cluster) {
                            return signs;
                        }
                    });
    private final Map<CanaryKey, PretendCluster> canaries = new HashMap<>();
    private final Map<CanaryKey, RolloutState> states = new HashMap<>();

    /** Those that ran at the same moment as some other. */
    private final Set<String> together = new HashSet<>();

    private int mostAtOnce;

    /** Those that ran, in the order in which they began. */
    private final List<String> begun = new ArrayList<>();

    @TempDir Path files;

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void theSecondOfTwoWaitsForTheFirstSaysSoAndBeginsWhenThatHasEnded() {
        // Given
        config.set(fleet("budgets: [{name: shop, max: 1}]"));
        create(CART);
        create(PAY);
        pass(Duration.ofMinutes(5));

        // When
        release(CART, "b");
        release(PAY, "b");

        // Then
        assertThat(state(PAY))
                .returns("Waiting", RolloutState::getPhase)
                .returns(
                        "a budget: 1 of 1 in shop: 1 of other namespaces; place 1 in the line",
                        RolloutState::getWaitingFor);
        assertThat(state(CART).getPhase()).isEqualTo("Progressing");
        pass(Duration.ofMinutes(10));
        assertThat(state(CART).getPhase()).isEqualTo("Succeeded");
        assertThat(state(PAY).getPhase()).isEqualTo("Succeeded");
        assertThat(together).isEmpty();
    }

    @Test
    void aBudgetOfEachClusterKeepsNobodyOfAnotherWaiting() {
        config.set(fleet("budgets: [{name: shop, max: 1, per: cluster}]"));
        create(CART);
        create(PAY);
        pass(Duration.ofMinutes(5));

        release(CART, "b");
        release(PAY, "b");

        assertThat(state(CART).getPhase()).isEqualTo("Progressing");
        assertThat(state(PAY).getPhase()).isEqualTo("Progressing");
    }

    @Test
    void manyThatBeginAtOnceRunOneAfterTheOtherInTheOrderOfAsking() {
        config.set(fleet("budgets: [{name: shop, max: 2}]"));
        List<CanaryKey> many =
                IntStream.range(0, 12)
                        .mapToObj(i -> new CanaryKey(i % 2 == 0 ? "west" : "east", "test", "c" + i))
                        .toList();
        many.forEach(this::create);
        pass(Duration.ofMinutes(5));

        many.forEach(canary -> release(canary, "b"));
        assertThat(state(many.getLast()).getWaitingFor())
                .isEqualTo(
                        "a budget: 2 of 2 in shop: east/test/c1, 1 of other namespaces; place 10"
                                + " in the line");
        pass(Duration.ofMinutes(30));

        assertThat(many).allMatch(canary -> state(canary).getPhase().equals("Succeeded"));
        assertThat(mostAtOnce).isEqualTo(2);
        assertThat(begun)
                .containsExactlyElementsOf(many.stream().map(CanaryKey::toString).toList());
    }

    @Test
    void aDeletedCanaryGivesItsPlaceBack() {
        config.set(fleet("budgets: [{name: shop, max: 1}]"));
        create(CART);
        create(PAY);
        pass(Duration.ofMinutes(5));
        release(CART, "b");
        release(PAY, "b");

        tell(cluster(CART).gone());
        pass(Duration.ofSeconds(2));

        assertThat(state(PAY).getPhase()).isEqualTo("Progressing");
    }

    @Test
    void anEditOfTheFileIsInForceWithinSeconds() {
        create(CART);
        create(PAY);
        pass(Duration.ofMinutes(5));
        config.set(fleet("budgets: [{name: shop, max: 1}]"));
        bench.advance(Duration.ofSeconds(6));
        release(CART, "b");
        release(PAY, "b");
        assertThat(state(PAY).getPhase()).isEqualTo("Waiting");

        config.set(fleet("budgets: [{name: shop, max: 2}]"));
        pass(Duration.ofSeconds(6));

        assertThat(state(PAY).getPhase()).isEqualTo("Progressing");
    }

    @Test
    void aBudgetThatIsTakenAwayKeepsNobodyWaiting() {
        config.set(fleet("budgets: [{name: shop, max: 1}]"));
        create(CART);
        create(PAY);
        pass(Duration.ofMinutes(5));
        release(CART, "b");
        release(PAY, "b");

        config.set(FleetConfig.NONE);
        pass(Duration.ofSeconds(6));

        assertThat(state(PAY).getPhase()).isEqualTo("Progressing");
    }

    @Test
    void runsThatWereUnderWayCountWhenABudgetIsMade() {
        create(CART);
        create(PAY);
        pass(Duration.ofMinutes(5));
        release(CART, "b");
        config.set(fleet("budgets: [{name: shop, max: 1}]"));
        bench.advance(Duration.ofSeconds(6));

        release(PAY, "b");

        assertThat(state(CART).getPhase()).isEqualTo("Progressing");
        assertThat(state(PAY).getWaitingFor())
                .isEqualTo("a budget: 1 of 1 in shop: 1 of other namespaces; place 1 in the line");
    }

    @Test
    void whoeverIsPausedForHoursKeepsItsPlace() {
        bothReleased();
        pause(CART);
        bench.advance(Duration.ofSeconds(30));

        nothingIsHeardFor(Duration.ofHours(6));

        assertThat(state(CART).getWaitingFor()).isEqualTo("resume, since it was paused by ada");
        assertThat(state(PAY).getWaitingFor())
                .isEqualTo("a budget: 1 of 1 in shop: 1 of other namespaces; place 1 in the line");
    }

    @Test
    void whoeverIsAnsweredForHoursKeepsItsPlace() {
        bothReleased();

        for (int i = 0; i < 18; i++) {
            nothingIsHeardFor(Duration.ofMinutes(20));
            tell(cluster(CART).annotated()); // another object of the cluster is as good
        }
        look();

        assertThat(state(CART).getPhase()).isEqualTo("Progressing");
        assertThat(state(PAY).getPhase()).isEqualTo("Waiting");
    }

    @Test
    void thePlaceOfAClusterThatIsCutOffGoesToOthersUntilItIsHeardAgain() {
        bothReleased();

        nothingIsHeardFor(Duration.ofMinutes(50));
        assertThat(state(PAY).getPhase()).isEqualTo("Waiting");
        nothingIsHeardFor(Duration.ofMinutes(100));

        assertThat(count("serinus.budget.waiting")).isZero();
        pass(Duration.ofSeconds(2));
        assertThat(state(PAY).getPhase()).isEqualTo("Progressing");
        bench.advance(Duration.ofMinutes(10));
        assertThat(count("serinus.budget.running")).as("both are at work").isEqualTo(2);
    }

    @Test
    void aQuietClusterThatGivesSignsOfLifeKeepsItsPlacesInEveryPartition() {
        bothReleased();
        signs = Signs.COME;

        nothingIsHeardFor(Duration.ofHours(6));

        assertThat(state(PAY).getPhase()).isEqualTo("Waiting");
        assertThat(count("serinus.budget.waiting")).isEqualTo(1);
    }

    private void nothingIsHeardFor(Duration time) {
        for (long i = 0; i < time.toMinutes(); i += 10) {
            bench.advance(Duration.ofMinutes(10));
        }
        look();
    }

    private void pause(CanaryKey canary) {
        var action =
                Action.newBuilder()
                        .setCanary(canary.toString())
                        .setActor("ada")
                        .setAskedAt(Bench.START)
                        .setAction(ActionKind.PAUSE)
                        .setReason("")
                        .build();
        tell(List.of(new PretendCluster.Fact(TopicKind.ACTIONS, action)));
    }

    @Test
    void thePlaceOfAClusterThatIsGoneComesBackWithinTwoHours() {
        bothReleased();

        bench.incomplete.add(CART.cluster());
        for (int i = 0; i < 8; i++) {
            bench.advance(Duration.ofMinutes(10));
        }
        pass(Duration.ofSeconds(2));

        assertThat(state(PAY).getPhase()).isEqualTo("Progressing");
    }

    @Test
    void aClusterWithoutTheTopicsForItGoesOnWithoutBudgets() {
        bench.apart.add(PAY.cluster());
        bothReleased();
        assertThat(state(PAY).getPhase()).isEqualTo("Progressing");
        assertThat(bench.raw(TopicKind.PERMITS, PAY.cluster())).isEmpty();

        bench.apart.clear();
        pass(Duration.ofSeconds(6));

        assertThat(count("serinus.budget.running")).as("its run counts now").isEqualTo(2);
    }

    @Test
    void aClusterWhoseTopicsForItWentDecidesOnWithoutThem() {
        bothReleased();
        bench.apart.add(PAY.cluster());
        bench.apart.add(CART.cluster());

        pass(Duration.ofMinutes(12));

        assertThat(state(CART).getPhase()).isEqualTo("Succeeded");
        assertThat(state(PAY).getPhase()).isEqualTo("Succeeded");
    }

    @Test
    void howManyRunAndWaitIsShown() {
        bothReleased();

        assertThat(count("serinus.budget.running")).isEqualTo(1);
        assertThat(count("serinus.budget.waiting")).isEqualTo(1);
        assertThat(count("serinus.budget.max")).isEqualTo(1);
        pass(Duration.ofMinutes(10));
        assertThat(bench.registry.find("serinus.budget.running").gauge()).isNull();
    }

    private double count(String name) {
        return bench.registry.get(name).tag("budget", "shop").gauge().value();
    }

    /** With a budget of one. */
    private void bothReleased() {
        config.set(fleet("budgets: [{name: shop, max: 1}]"));
        create(CART);
        create(PAY);
        pass(Duration.ofMinutes(5));
        release(CART, "b");
        release(PAY, "b");
    }

    @Test
    void aReplayOfAllJournalsDecidesTheSame() {
        config.set(fleet("budgets: [{name: shop, max: 1}]"));
        create(CART);
        create(PAY);
        pass(Duration.ofMinutes(5));
        release(CART, "b");
        release(PAY, "b");
        pass(Duration.ofMinutes(10));

        List<PermitEntry> permits = new ArrayList<>(entries("west"));
        permits.addAll(entries("east"));
        var replay = FleetReplay.of(permits.reversed());
        assertThat(replay.mismatches()).isEmpty();
        assertThat(replay.replayed()).isEqualTo(permits.size()).isPositive();
        List<JournalEntry> journal = new ArrayList<>(bench.read(topics.journal("west")));
        journal.addAll(bench.read(topics.journal("east")));
        assertThat(Replay.of(journal).mismatches()).isEmpty();
    }

    private List<PermitEntry> entries(String cluster) {
        return bench.raw(TopicKind.PERMIT_JOURNAL, cluster).stream()
                .map(
                        record ->
                                Bench.SETTINGS
                                        .<PermitEntry>values()
                                        .deserializer()
                                        .deserialize("", record.value()))
                .toList();
    }

    private FleetConfig fleet(String yaml) {
        try {
            return FleetFile.read(Files.writeString(files.resolve("fleet.yaml"), yaml));
        } catch (IOException ours) {
            throw new UncheckedIOException(ours);
        }
    }

    private RolloutState state(CanaryKey canary) {
        return Objects.requireNonNull(states.get(canary));
    }

    private PretendCluster cluster(CanaryKey canary) {
        return Objects.requireNonNull(canaries.get(canary));
    }

    private void create(CanaryKey canary) {
        var cluster = new PretendCluster(canary, 10_000);
        canaries.put(canary, cluster);
        tell(cluster.created());
    }

    private void release(CanaryKey canary, String revision) {
        tell(cluster(canary).released(revision));
        pass(Duration.ofSeconds(1));
    }

    /** Lets the edges answer for some time. */
    private void pass(Duration time) {
        for (int second = 0; second < time.toSeconds(); second++) {
            List<SpecificRecord> commands = commands();
            while (!commands.isEmpty()) {
                commands.forEach(
                        command ->
                                tell(
                                        cluster(CanaryKey.parse((String) command.get(0)))
                                                .answer(command)));
                commands = commands();
            }
            look();
            bench.advance(Duration.ofSeconds(1));
        }
        look();
    }

    private void look() {
        bench.read(topics.rollouts()).stream()
                .filter(Objects::nonNull)
                .forEach(state -> states.put(CanaryKey.parse(state.getCanary()), state));
        var running =
                states.values().stream()
                        .filter(
                                state ->
                                        !Set.of(
                                                        "Initialized",
                                                        "Initializing",
                                                        "Succeeded",
                                                        "Failed",
                                                        "Waiting")
                                                .contains(state.getPhase()))
                        .map(RolloutState::getCanary)
                        .toList();
        running.stream().filter(canary -> !begun.contains(canary)).forEach(begun::add);
        mostAtOnce = Math.max(mostAtOnce, running.size());
        if (running.size() > 1) {
            together.addAll(running);
        }
    }

    private List<SpecificRecord> commands() {
        List<SpecificRecord> commands = new ArrayList<>();
        for (String cluster : List.of("west", "east")) {
            commands.addAll(bench.read(topics.routerCommands(cluster)));
            commands.addAll(bench.read(topics.metricQueries(cluster)));
        }
        return commands;
    }

    private void tell(List<PretendCluster.Fact> facts) {
        facts.forEach(
                fact -> {
                    var canary = CanaryKey.parse(Inputs.canary(fact.value()).orElseThrow());
                    bench.send(
                            fact.kind().name(canary.cluster()),
                            canary.toString().getBytes(UTF_8),
                            Bench.SETTINGS.values().serializer().serialize("", fact.value()));
                });
    }
}
