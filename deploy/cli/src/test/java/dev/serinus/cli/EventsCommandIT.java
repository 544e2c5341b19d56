package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.RolloutEvent;
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
import java.io.Writer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The topic as people and machines read it, from a real broker. */
class EventsCommandIT {

    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");

    @TempDir static Path data;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedBroker broker;

    @BeforeAll
    static void produce() throws Exception {
        broker = EmbeddedBroker.start(data, 0);
        var kafka = KafkaSettings.at(broker.bootstrapServers());
        Kafka.provision(kafka, "production", 3);
        var topic = new Topics(kafka).rolloutEvents();
        try (var producer =
                new KafkaProducer<>(
                        kafka.with(Map.of()),
                        topic.keys().serializer(),
                        topic.values().serializer())) {
            int after = 0;
            for (String name : List.of("checkout", "cart", "checkout", "till")) {
                var canary = new CanaryKey("production", "shop", name);
                producer.send(new ProducerRecord<>(topic.name(), canary, event(canary, after++)))
                        .get();
            }
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void areLinesInTheOrderInWhichItHappened() {
        assertThat(printed().lines())
                .containsExactly(
                        "2026-11-22T10:00:00Z shop/checkout run 3: check failed (1 so far): success"
                                + " rate 0% < 99%",
                        "2026-11-22T10:00:01Z shop/cart run 3: check failed (1 so far): success"
                                + " rate 1% < 99%",
                        "2026-11-22T10:00:02Z shop/checkout run 3: check failed (1 so far): success"
                                + " rate 2% < 99%",
                        "2026-11-22T10:00:03Z shop/till run 3: check failed (1 so far): success"
                                + " rate 3% < 99%");
    }

    @Test
    void ofOneCanaryAreNoOthers() {
        assertThat(printed("--canary", "shop/checkout").lines())
                .hasSize(2)
                .allMatch(line -> line.contains("shop/checkout"));
    }

    @Test
    void areJsonForMachines() throws Exception {
        var first =
                new ObjectMapper().readTree(printed("--json").lines().findFirst().orElseThrow());

        assertThat(first.path("canary").asText()).isEqualTo("production/shop/checkout");
        assertThat(first.path("type").asText()).isEqualTo("CheckFailed");
        assertThat(first.path("at").asText()).isEqualTo("2026-11-22T10:00:00Z");
        assertThat(first.path("evidence").isArray()).isTrue();
    }

    @Test
    void followingEndsQuietlyWhenItIsInterrupted() throws Exception {
        var lines = new LinkedBlockingQueue<String>();
        var ended = new CompletableFuture<Boolean>();
        var follower =
                Thread.ofPlatform()
                        .start(
                                () -> {
                                    int code =
                                            command(new PrintWriter(new LineQueue(lines), true))
                                                    .execute(
                                                            "--follow",
                                                            "--bootstrap-servers",
                                                            broker.bootstrapServers());
                                    // One that is still interrupted closes with a stack trace.
                                    ended.complete(code == 0 && !Thread.interrupted());
                                });
        assertThat(lines.poll(30, TimeUnit.SECONDS)).contains("shop/checkout");

        follower.interrupt();

        assertThat(ended.get(30, TimeUnit.SECONDS)).isTrue();
    }

    private static CommandLine command(PrintWriter out) {
        return new CommandLine(new EventsCommand()).setOut(out);
    }

    /** Hands over what is printed as it is printed. */
    private static final class LineQueue extends Writer {
        private final BlockingQueue<String> lines;

        LineQueue(BlockingQueue<String> lines) {
            this.lines = lines;
        }

        @Override
        public void write(char[] buffer, int offset, int length) {
            lines.add(new String(buffer, offset, length));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private static String printed(String... more) {
        var out = new StringWriter();
        int code =
                command(new PrintWriter(out, true))
                        .execute(
                                Stream.concat(
                                                Stream.of(
                                                        "--bootstrap-servers",
                                                        broker.bootstrapServers()),
                                                Stream.of(more))
                                        .toArray(String[]::new));
        assertThat(code).isZero();
        return out.toString();
    }

    private static RolloutEvent event(CanaryKey canary, int second) {
        return RolloutEvent.newBuilder()
                .setCanary(canary.toString())
                .setUid("uid")
                .setRun(3)
                .setSequence(second)
                .setType("CheckFailed")
                .setPhase("Progressing")
                .setRevision("b")
                .setStep(4)
                .setCanaryWeight(20)
                .setFailedChecks(1)
                .setMessage(
                        "Halt %s advancement success rate %d%% < 99%%"
                                .formatted(canary.dotted(), second))
                .setEvidence(List.of())
                .setAt(AT.plusSeconds(second))
                .build();
    }
}
