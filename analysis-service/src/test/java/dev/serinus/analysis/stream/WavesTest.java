package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.replay.FleetReplay;
import dev.serinus.analysis.replay.Replay;
import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.events.Permit;
import dev.serinus.schemas.events.PermitAnswered;
import dev.serinus.schemas.events.PermitEntry;
import dev.serinus.schemas.events.Predecessor;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A canary of one cluster that begins after that of another, in the real topology. */
class WavesTest {

    private static final CanaryKey US = new CanaryKey("us", "shop", "api");
    private static final CanaryKey EU = new CanaryKey("eu", "shop", "api");
    private static final Duration SOAK = Duration.ofMinutes(10);

    private final Topics topics = new Topics(Bench.SETTINGS);
    private final Bench bench = new Bench();
    private final Map<CanaryKey, RolloutState> states = new HashMap<>();
    private final PretendCluster us = new PretendCluster(US, 10_000);
    private final PretendCluster eu = new PretendCluster(EU, 10_000);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void itBeginsOnceTheOtherWasPromotedAndHasSoaked() {
        bothCreated(SOAK);

        bench.tell(eu.released("b"));
        pass(Duration.ofSeconds(1));
        assertThat(state(EU))
                .returns("Waiting", RolloutState::getPhase)
                .returns(
                        "us/shop/api to be promoted with this release: it has not begun with it"
                                + " (it shows podinfo:a, this one podinfo:b)",
                        RolloutState::getWaitingFor);

        bench.tell(us.released("b"));
        pass(Duration.ofSeconds(2));
        assertThat(state(EU).getWaitingFor())
                .isEqualTo(
                        "us/shop/api to be promoted with this release: it is Progressing at 30 %");

        until(US, "Succeeded");
        assertThat(state(EU).getPhase()).isEqualTo("Waiting");
        assertThat(state(EU).getWaitingFor())
                .startsWith("the soak of us/shop/api, which was promoted with this release, until");
        pass(SOAK.minusSeconds(30));
        assertThat(state(EU).getPhase()).isEqualTo("Waiting");
        pass(Duration.ofSeconds(40));
        assertThat(state(EU).getPhase()).isEqualTo("Progressing");
        until(EU, "Succeeded");
        allIsReplayedTheSame();
    }

    @Test
    void ofWhatWasPromotedBeforeNothingIsWaitedFor() {
        bothCreated(Duration.ZERO);
        bench.tell(us.released("b"));
        until(US, "Succeeded");

        bench.tell(eu.released("b"));
        pass(Duration.ofSeconds(1));

        assertThat(state(EU).getPhase()).isEqualTo("Progressing");
    }

    @Test
    void aFailureOfTheOtherStopsTheWaveUntilThatIsPromotedAfterAll() {
        bothCreated(Duration.ZERO);
        us.successRate = 10;
        bench.tell(us.released("b"));
        bench.tell(eu.released("b"));
        until(US, "Failed");

        assertThat(state(EU).getWaitingFor())
                .isEqualTo(
                        "us/shop/api to be promoted with this release. The wave stopped:"
                                + " us/shop/api failed; it goes on when that is promoted after"
                                + " all");
        us.successRate = 100;
        act(US, ActionKind.RETRY);
        until(US, "Succeeded");
        pass(Duration.ofSeconds(1));
        assertThat(state(EU).getPhase()).isEqualTo("Progressing");
    }

    @Test
    void whoIsApprovedBeginsWithoutTheOtherAndTheHistoryHasWhoDidIt() {
        bothCreated(Duration.ZERO);
        bench.tell(eu.released("b"));
        pass(Duration.ofSeconds(1));

        act(EU, ActionKind.APPROVE);
        pass(Duration.ofSeconds(1));

        assertThat(state(EU).getPhase()).isEqualTo("Progressing");
        assertThat(bench.<RolloutEvent>read(topics.rolloutEvents()))
                .filteredOn(event -> event.getType().equals("GateOpened"))
                .singleElement()
                .returns("ada", RolloutEvent::getActor)
                .returns(
                        "api.shop begins without waiting for us/shop/api, approved by ada: why",
                        RolloutEvent::getMessage);
    }

    @Test
    void aRevisionThatComesInMidRunWaitsAgainWithoutTraffic() {
        bothCreated(Duration.ZERO);
        bench.tell(us.released("b"));
        until(US, "Succeeded");
        bench.tell(eu.released("b"));
        pass(Duration.ofSeconds(5));
        assertThat(state(EU).getCanaryWeight()).isPositive();

        bench.tell(eu.released("c"));
        pass(Duration.ofSeconds(1));

        assertThat(state(EU))
                .returns("Waiting", RolloutState::getPhase)
                .returns(0, RolloutState::getCanaryWeight)
                .returns(
                        "us/shop/api to be promoted with this release: it has not begun with it"
                                + " (it shows podinfo:b, this one podinfo:c)",
                        RolloutState::getWaitingFor);
        bench.tell(us.released("c"));
        until(US, "Succeeded");
        until(EU, "Succeeded");
    }

    @Test
    void whoIsTakenBackWhileItWaitsNeedsNobody() {
        bothCreated(Duration.ZERO);
        bench.tell(eu.released("b"));
        pass(Duration.ofSeconds(1));

        bench.tell(eu.released("a"));

        until(EU, "Initialized");
        assertThat(state(EU).getWaitingFor()).isEmpty();
        assertThat(state(US).getPhase()).isEqualTo("Initialized");
    }

    @Test
    void whoIsWaitedForAndDeletedIsSaidToBeGone() {
        bothCreated(Duration.ZERO);
        bench.tell(eu.released("b"));
        pass(Duration.ofSeconds(1));

        bench.tell(us.gone());
        pass(Duration.ofSeconds(1));

        assertThat(state(EU).getWaitingFor())
                .isEqualTo(
                        "us/shop/api to be promoted with this release: there is no such Canary any"
                                + " more");
    }

    @Test
    void whoIsDeletedWhileItWaitsIsForgotten() {
        bothCreated(Duration.ZERO);
        bench.tell(eu.released("b"));
        pass(Duration.ofSeconds(1));

        bench.tell(eu.gone());
        pass(Duration.ofSeconds(1));
        bench.tell(us.released("b"));
        pass(Duration.ofSeconds(1));

        assertThat(entries("us")).last().returns(true, PermitEntry::getFresh);
        assertThat(bench.raw(TopicKind.PERMITS, "eu")).noneMatch(WavesTest::isGranted);
    }

    @Test
    void aCanaryThatIsNotKnownIsNotMadeKnownByBeingNamed() {
        eu.after = List.of(after("ghost", Duration.ZERO));
        bench.tell(eu.created());
        pass(Duration.ofMinutes(1));
        bench.tell(eu.released("b"));
        pass(Duration.ofMinutes(1));

        assertThat(state(EU).getWaitingFor())
                .isEqualTo(
                        "us/shop/ghost to be promoted with this release: nothing is known of it"
                                + " yet");
        assertThat(bench.raw(TopicKind.JOURNAL, "us")).isEmpty();
        assertThat(bench.raw(TopicKind.PERMITS, "us"))
                .as("it was asked")
                .isNotEmpty()
                .allMatch(record -> new String(record.key(), UTF_8).equals("us/shop/ghost"));
    }

    @Test
    void aClusterWithoutTheTopicsForItWaitsAndSaysSo() {
        bench.apart.add("eu");
        bothCreated(Duration.ZERO);
        bench.tell(us.released("b"));
        until(US, "Succeeded");

        bench.tell(eu.released("b"));
        pass(Duration.ofSeconds(1));

        assertThat(state(EU).getPhase()).isNotEqualTo("Progressing");
        assertThat(state(EU).getWaitingFor())
                .isEqualTo(
                        "us/shop/api to be promoted with this release: nothing is known of it"
                                + " yet");
        bench.apart.clear();
        pass(Duration.ofMinutes(11));
        assertThat(state(EU).getPhase()).isIn("Progressing", "Succeeded");
    }

    private void bothCreated(Duration soak) {
        eu.after = List.of(after("api", soak));
        bench.tell(us.created());
        bench.tell(eu.created());
        pass(Duration.ofMinutes(5));
    }

    private static Predecessor after(String name, Duration soak) {
        return Predecessor.newBuilder()
                .setCluster("us")
                .setName(name)
                .setSoakMillis(soak.toMillis())
                .build();
    }

    private void act(CanaryKey canary, ActionKind action) {
        bench.tell(
                List.of(
                        new PretendCluster.Fact(
                                TopicKind.ACTIONS,
                                Action.newBuilder()
                                        .setCanary(canary.toString())
                                        .setActor("ada")
                                        .setAskedAt(Bench.START)
                                        .setAction(action)
                                        .setReason("why")
                                        .build())));
    }

    private RolloutState state(CanaryKey canary) {
        return Objects.requireNonNull(states.get(canary));
    }

    /** Lets the edges answer until a canary is in this phase. */
    private void until(CanaryKey canary, String phase) {
        for (int i = 0; i < 600 && !state(canary).getPhase().equals(phase); i++) {
            pass(Duration.ofSeconds(1));
        }
        assertThat(state(canary).getPhase()).isEqualTo(phase);
    }

    private void pass(Duration time) {
        for (int second = 0; second < time.toSeconds(); second++) {
            List<SpecificRecord> commands = commands();
            while (!commands.isEmpty()) {
                for (SpecificRecord command : commands) {
                    var canary = CanaryKey.parse((String) command.get(0));
                    bench.tell((canary.equals(US) ? us : eu).answer(command));
                }
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
    }

    private List<SpecificRecord> commands() {
        List<SpecificRecord> commands = new ArrayList<>();
        for (String cluster : List.of("us", "eu")) {
            commands.addAll(bench.read(topics.routerCommands(cluster)));
            commands.addAll(bench.read(topics.metricQueries(cluster)));
        }
        return commands;
    }

    private void allIsReplayedTheSame() {
        List<PermitEntry> permits = new ArrayList<>(entries("us"));
        permits.addAll(entries("eu"));
        var replay = FleetReplay.of(permits.reversed());
        assertThat(replay.mismatches()).isEmpty();
        assertThat(replay.replayed()).isEqualTo(permits.size()).isPositive();
        List<JournalEntry> journal = new ArrayList<>(bench.read(topics.journal("us")));
        journal.addAll(bench.read(topics.journal("eu")));
        assertThat(journal)
                .anyMatch(
                        entry ->
                                entry.getInput() instanceof Permit permit
                                        && permit.getCanary().equals(US.toString()));
        assertThat(Replay.of(journal).mismatches()).isEmpty();
    }

    private static boolean isGranted(TestRecord<byte[], byte[]> record) {
        Permit said =
                Bench.SETTINGS.<Permit>values().deserializer().deserialize("", record.value());
        return said.getBody() instanceof PermitAnswered answer && answer.getGranted();
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
}
