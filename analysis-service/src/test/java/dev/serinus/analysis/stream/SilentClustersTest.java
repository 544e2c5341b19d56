package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.analysis.fleet.HeardClusters.Signs;
import dev.serinus.analysis.permit.SilentCluster;
import dev.serinus.analysis.replay.FleetReplay;
import dev.serinus.schemas.events.ClusterSilence;
import dev.serinus.schemas.events.Permit;
import dev.serinus.schemas.events.PermitEntry;
import dev.serinus.schemas.events.Predecessor;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** A canary that waits for one of a cluster that is cut off, in the real topology. */
class SilentClustersTest {

    private static final CanaryKey US = new CanaryKey("us", "shop", "api");
    private static final CanaryKey EU = new CanaryKey("eu", "shop", "api");
    private static final Instant HEARD = Bench.START.minusSeconds(60);

    private final Topics topics = new Topics(Bench.SETTINGS);
    private Optional<List<SilentCluster>> silent = Optional.of(List.of());
    private Signs signs = Signs.NONE;
    private final Bench bench =
            new Bench(
                    FleetRulesSource.NONE,
                    new SilenceSource() {
                        @Override
                        public Optional<List<SilentCluster>> silent() {
                            return silent;
                        }

                        @Override
                        public Signs of(String cluster) {
                            return signs;
                        }
                    });
    private final Map<CanaryKey, RolloutState> states = new HashMap<>();
    private final List<PermitEntry> journal = new ArrayList<>();
    private final PretendCluster us = new PretendCluster(US, 10_000);
    private final PretendCluster eu = new PretendCluster(EU, 10_000);

    @AfterEach
    void close() {
        bench.close();
    }

    @Test
    void itWaitsUntilTheClusterIsHeardAgainAndSaysSo() {
        bothCreated();
        bench.tell(us.released("b"));
        pass(Duration.ofSeconds(2));
        bench.tell(eu.released("b"));
        pass(Duration.ofSeconds(2));

        silent = Optional.of(List.of(new SilentCluster("us", HEARD)));
        pass(Duration.ofSeconds(10));
        assertThat(state(EU).getWaitingFor())
                .isEqualTo(
                        "us/shop/api to be promoted with this release: cluster us was last heard of"
                                + " at %s, and what it does there is not known".formatted(HEARD));
        // Its facts may still come in, from before: none of them counts.
        until(US, "Succeeded");
        pass(Duration.ofSeconds(20));
        assertThat(state(EU).getPhase()).isEqualTo("Waiting");

        silent = Optional.of(List.of());
        pass(Duration.ofSeconds(10));

        assertThat(state(EU).getPhase()).isEqualTo("Progressing");
        until(EU, "Succeeded");
        assertThat(told()).containsExactly("us/*/* " + HEARD, "us/*/* null");
        assertThat(FleetReplay.of(journal).mismatches()).isEmpty();
    }

    @Test
    void whatCannotBeKnownChangesNothing() {
        bothCreated();
        bench.tell(eu.released("b"));
        silent = Optional.of(List.of(new SilentCluster("us", HEARD)));
        pass(Duration.ofSeconds(10));

        silent = Optional.empty();
        pass(Duration.ofSeconds(30));

        assertThat(state(EU).getWaitingFor()).contains("cluster us was last heard of");
        assertThat(told()).hasSize(1);
    }

    @Test
    void nobodyIsLetThroughBeforeItIsKnownOnceAfterAStart() {
        silent = Optional.empty();
        bothCreated();
        bench.tell(us.released("b"));
        until(US, "Succeeded");
        bench.tell(eu.released("b"));
        pass(Duration.ofSeconds(30));
        assertThat(state(EU).getPhase()).isNotEqualTo("Progressing");

        silent = Optional.of(List.of());
        pass(Duration.ofSeconds(10));

        assertThat(state(EU).getPhase()).isEqualTo("Progressing");
        assertThat(FleetReplay.of(journal).mismatches()).isEmpty();
    }

    @Test
    void oneWhoseLastSignIsNotFoundAfterAStartIsSilentUntilItGivesOne() {
        bothCreated();
        bench.tell(eu.released("b"));
        silent = Optional.of(List.of(new SilentCluster("us", HEARD)));
        pass(Duration.ofSeconds(10));

        silent = Optional.of(List.of());
        signs = Signs.UNKNOWN;
        pass(Duration.ofSeconds(30));

        assertThat(state(EU).getWaitingFor()).contains("cluster us was last heard of");
        assertThat(told()).hasSize(1);

        signs = Signs.COME;
        pass(Duration.ofSeconds(10));

        assertThat(told()).containsExactly("us/*/* " + HEARD, "us/*/* null");
    }

    @Test
    void ofClustersWhoseTopicsWentItIsWrittenDownWithAnother() {
        bothCreated();
        bench.tell(eu.released("b"));
        silent = Optional.of(List.of(new SilentCluster("us", HEARD)));
        pass(Duration.ofSeconds(10));

        bench.incomplete.add("us");
        silent = Optional.of(List.of());
        pass(Duration.ofSeconds(10));

        assertThat(told()).containsExactly("us/*/* " + HEARD, "us/*/* null");
        assertThat(FleetReplay.of(journal).mismatches()).isEmpty();
    }

    @Test
    void whereNobodyRunsOrWaitsNothingIsTold() {
        bothCreated();
        silent = Optional.of(List.of(new SilentCluster("us", HEARD)));

        pass(Duration.ofMinutes(10));

        assertThat(told()).isEmpty();
    }

    private void bothCreated() {
        eu.after = List.of(Predecessor.newBuilder().setCluster("us").setName("api").build());
        bench.tell(us.created());
        bench.tell(eu.created());
        until(US, "Initialized");
        until(EU, "Initialized");
    }

    private List<String> told() {
        look();
        return journal.stream()
                .map(PermitEntry::getInput)
                .filter(input -> input.getBody() instanceof ClusterSilence)
                .map(input -> input.getCanary() + " " + silence(input).getHeard())
                .toList();
    }

    private static ClusterSilence silence(Permit input) {
        return (ClusterSilence) input.getBody();
    }

    private RolloutState state(CanaryKey canary) {
        return Objects.requireNonNull(states.get(canary));
    }

    private void until(CanaryKey canary, String phase) {
        for (int i = 0; i < 600 && !isIn(canary, phase); i++) {
            pass(Duration.ofSeconds(1));
        }
        assertThat(state(canary).getPhase()).isEqualTo(phase);
    }

    private boolean isIn(CanaryKey canary, String phase) {
        return states.containsKey(canary) && state(canary).getPhase().equals(phase);
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

    private List<SpecificRecord> commands() {
        List<SpecificRecord> commands = new ArrayList<>();
        for (String cluster : List.of("us", "eu")) {
            commands.addAll(bench.read(topics.routerCommands(cluster)));
            commands.addAll(bench.read(topics.metricQueries(cluster)));
        }
        return commands;
    }

    private void look() {
        bench.read(topics.rollouts()).stream()
                .filter(Objects::nonNull)
                .forEach(state -> states.put(CanaryKey.parse(state.getCanary()), state));
        for (String cluster : List.of("us", "eu")) {
            bench.raw(TopicKind.PERMIT_JOURNAL, cluster).stream()
                    .map(
                            record ->
                                    Bench.SETTINGS
                                            .<PermitEntry>values()
                                            .deserializer()
                                            .deserialize("", record.value()))
                    .forEach(journal::add);
        }
    }
}
