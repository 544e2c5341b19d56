package dev.serinus.schemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.runtime.LoopBed.Notebook;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.wire.OlderAction;
import dev.serinus.schemas.wire.RegistryProcess;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** A service's loop while a real registry is killed and started again. */
class RegistryOutageIT {

    private static final Duration SOON = Duration.ofSeconds(60);
    @TempDir static Path data;
    private static LoopBed bed;
    private static RegistryProcess registry;

    @BeforeAll
    static void start() throws Exception {
        bed = new LoopBed(data.resolve("broker"));
        registry = RegistryProcess.start(data);
    }

    @AfterAll
    static void stop() {
        registry.close();
        bed.close();
    }

    @Test
    void whatIsKnownGoesOnAndWhatIsNotWaitsUnharmed() throws Exception {
        // Given: one partition; a schema that the loop learns, and one it has no reason to learn
        bed.provision("outage", 1);
        var settings =
                new KafkaSettings(
                        Map.of(
                                "bootstrap.servers", bed.bootstrapServers(),
                                "schema.registry.url", registry.url(),
                                "auto.register.schemas", "true"));
        var topics = new Topics(settings);
        var notes = new Notebook();
        var old = LoopBed.action("outage", "old", "unknown");
        byte[] unknown = OlderAction.write(registry, old, "another-subject");
        try (var outbox = new KafkaOutbox(settings, "outage-outbox");
                var loop =
                        RecordLoop.start(
                                topics.actions("outage"),
                                "outage",
                                "outage",
                                settings,
                                outbox,
                                (canary, value) -> {
                                    if (value.getReason().equals("tell")) {
                                        // The first record of its type: its schema has no id yet.
                                        outbox.send(
                                                topics.deadLetters("outage"),
                                                canary,
                                                new SetAside("t", 0, 0, null, null)
                                                        .letters("handler", "told", Instant.EPOCH)
                                                        .getFirst());
                                    }
                                    notes.handle(canary, value);
                                })) {
            publish(outbox, topics, "new", "n0");
            await().atMost(SOON).until(() -> notes.entries.contains("new n0"));

            // When
            registry.shutDown();
            bed.publish("outage", "outage/ns/old".getBytes(UTF_8), unknown);
            bed.flush();
            publish(outbox, topics, "old", "behind");
            publish(outbox, topics, "teller", "tell");
            publish(outbox, topics, "new", "n1");

            // Then
            await().atMost(SOON).until(() -> notes.entries.contains("new n1"));
            assertThat(notes.entries).containsExactly("new n0", "new n1");
            assertThat(loop.metrics().inFlight()).isEqualTo(3);
            registry.again();
            await().atMost(SOON).until(() -> notes.entries.size() == 5);
            assertThat(notes.of("old")).containsExactly("old unknown", "old behind");
            assertThat(loop.metrics().setAside()).isZero();
            assertThat(loop.healthy()).isTrue();
        }
    }

    private static void publish(KafkaOutbox outbox, Topics topics, String name, String reason)
            throws InterruptedException {
        var canary = new CanaryKey("outage", "ns", name);
        outbox.send(topics.actions("outage"), canary, LoopBed.action("outage", name, reason));
    }
}
