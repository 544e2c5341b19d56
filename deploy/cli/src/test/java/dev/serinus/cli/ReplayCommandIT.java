package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.analysis.journal.Decision;
import dev.serinus.analysis.journal.StoredRollout;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.admission.Admission;
import dev.serinus.schemas.admission.Admissions;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.events.CanaryObserved;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.Role;
import dev.serinus.schemas.events.StepId;
import dev.serinus.schemas.events.WorkloadObserved;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A journal on a real broker, taken again. */
class ReplayCommandIT {

    private static final Instant START = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir static Path data;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedBroker broker;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void produce() throws Exception {
        broker = EmbeddedBroker.start(data, 0);
        var kafka = KafkaSettings.at(broker.bootstrapServers());
        Kafka.provision(kafka, "production", 3);
        var topic = new Topics(kafka).journal("production");
        try (var producer =
                new KafkaProducer<>(
                        kafka.with(Map.of()),
                        topic.keys().serializer(),
                        topic.values().serializer())) {
            for (String name : List.of("cart", "till")) {
                var canary = new CanaryKey("production", "shop", name);
                List<JournalEntry> entries = new ArrayList<>(journal(canary));
                if (name.equals("till")) {
                    var last = JournalEntry.newBuilder(entries.removeLast());
                    entries.add(last.setDecision("another").build());
                }
                for (JournalEntry entry : entries) {
                    producer.send(new ProducerRecord<>(topic.name(), canary, entry)).get();
                }
            }
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void everyDecisionIsTakenAgain() {
        assertThat(replay("--canary", "shop/cart")).isZero();
        assertThat(out.toString())
                .contains("4 decisions on 1 canaries taken again, 0 came out otherwise");
    }

    @Test
    void aDecisionThatCameOutOtherwiseIsNamed() {
        assertThat(replay()).isEqualTo(1);
        assertThat(out.toString())
                .contains("production/shop/till number 4 was another and is ")
                .contains("8 decisions on 2 canaries taken again, 1 came out otherwise");
    }

    @Test
    void aRunThatGoesOnIsToldWithWhatWouldHaveBeen() throws Exception {
        assertThat(replay("--canary", "production/shop/cart", "--set", "skipAnalysis=true"))
                .isZero();
        assertThat(out.toString())
                .contains("production/shop/cart run 1 of 2026-11-22T10:00:03Z, revision b: goes on")
                .contains("1 runs, of which 0 would have ended otherwise with skipAnalysis=true");

        out.getBuffer().setLength(0);
        assertThat(replay("--canary", "shop/cart", "--json")).isZero();
        var runs = new ObjectMapper().readTree(out.toString());
        assertThat(runs).hasSize(1);
        assertThat(runs.at("/0/was/end").asText()).isEqualTo("goes on");
    }

    @Test
    void whatCannotBeSetIsSaidAtOnce() {
        assertThat(replay("--set", "treshold=2", "--set", "threshold=none")).isEqualTo(2);
        assertThat(err.toString())
                .contains("--set treshold=2: can not be set")
                .contains("--set threshold=none: must be a whole number");
    }

    private int replay(String... arguments) {
        var line = new CommandLine(new ReplayCommand());
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        line.setExecutionExceptionHandler(
                (trouble, _, _) -> {
                    ((Refused) trouble).tell(line.getCommandSpec());
                    return CommandLine.ExitCode.USAGE;
                });
        return line.execute(
                Stream.concat(
                                Stream.of("--bootstrap-servers", broker.bootstrapServers()),
                                Arrays.stream(arguments))
                        .toArray(String[]::new));
    }

    /** Initialised from one revision, and another one seen. */
    private static List<JournalEntry> journal(CanaryKey canary) throws Exception {
        var object =
                new ObjectMapper()
                        .readTree(
                                """
                                {"apiVersion": "flagger.app/v1beta1", "kind": "Canary",
                                 "metadata": {"namespace": "shop", "name": "%s"},
                                 "spec": {"provider": "kubernetes", "dryRun": true, "targetRef":
                                   {"apiVersion": "apps/v1", "kind": "Deployment", "name": "%s"},
                                   "service": {"port": 80}, "analysis": {"iterations": 3}}}\
                                """
                                        .formatted(canary.name(), canary.name()));
        var admitted =
                (Admission.Admitted)
                        Admissions.admit(
                                CanaryReader.read(object).resource(),
                                Installation.named("production"));
        List<Object> bodies =
                List.of(
                        CanaryObserved.newBuilder()
                                .setGeneration(1)
                                .setSpec(admitted.spec())
                                .setDeleting(false)
                                .setClaimed(true)
                                .build(),
                        available(canary),
                        seen(Role.TARGET, "a"),
                        seen(Role.TARGET, "b"));
        List<JournalEntry> journal = new ArrayList<>();
        StoredRollout kept = StoredRollout.nothing(canary);
        for (Object body : bodies) {
            var input =
                    body instanceof MetricResult result
                            ? result
                            : Change.newBuilder()
                                    .setCanary(canary.toString())
                                    .setUid("uid-" + canary.name())
                                    .setObservedAt(START)
                                    .setBody(body)
                                    .build();
            var decision = Decision.on(kept, input, START.plusSeconds(journal.size()));
            journal.add(decision.entry());
            kept = decision.after();
        }
        return journal;
    }

    /** No metric server is missing. */
    private static MetricResult available(CanaryKey canary) {
        return MetricResult.newBuilder()
                .setCanary(canary.toString())
                .setStep(
                        StepId.newBuilder()
                                .setUid("uid-" + canary.name())
                                .setRun(0)
                                .setStep(1)
                                .setAttempt(1)
                                .build())
                .setGeneration(1)
                .setMeasurements(List.of())
                .setAnsweredAt(START)
                .build();
    }

    private static WorkloadObserved seen(Role role, String revision) {
        return WorkloadObserved.newBuilder()
                .setRole(role)
                .setExists(true)
                .setRevision(revision)
                .setDesired(1)
                .setUpdated(1)
                .setAvailable(1)
                .setReady(true)
                .setStuck(false)
                .setBecause("")
                .build();
    }
}
