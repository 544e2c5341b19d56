package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;
import dev.serinus.schemas.wire.NewerAction;
import dev.serinus.schemas.wire.OlderAction;
import dev.serinus.schemas.wire.RegistryProcess;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** The service on a real broker while its real schema registry is stopped and started again. */
@Tag("long")
class UnknownSchemaIT {

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final CanaryKey CANARY = new CanaryKey("west", "test", "podinfo");

    @Test
    void rolloutsGoOnWithoutTheRegistryAndWhatIsUnknownIsTakenOnceItIsBack(@TempDir Path data)
            throws Exception {
        var canary = new PretendCluster(CANARY, 500);
        try (var broker = EmbeddedBroker.start(data.resolve("broker"), 0);
                var registry = RegistryProcess.start(data);
                var edges = new Edges(settings(broker, registry))) {
            // Given
            edges.provision(List.of(TopicKind.values()), "west");
            byte[] unknown = OlderAction.write(registry, resume(), "another-subject");
            var environment =
                    Map.of(
                            "KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers(),
                            "SCHEMA_REGISTRY_URL", registry.url(),
                            "KAFKA_AUTO_REGISTER_SCHEMAS", "true");
            try (var analysis = AnalysisProcess.start(environment, data.resolve("analysis"))) {
                await().atMost(PATIENCE).until(analysis::ready);
                edges.join(canary);
                await().atMost(PATIENCE).until(() -> edges.phase(CANARY).equals("Initialized"));
                edges.tell(canary.released("b"));
                await().atMost(PATIENCE).until(() -> edges.phase(CANARY).equals("Succeeded"));

                // When
                registry.shutDown();
                edges.send(TopicKind.ACTIONS, CANARY, unknown);
                canary.successRate = 0;
                edges.tell(canary.released("c"));

                // Then
                await().atMost(PATIENCE).until(() -> edges.phase(CANARY).equals("Failed"));
                assertThat(reasons(edges)).isEmpty();
                assertThat(analysis.ready()).isTrue();
                registry.again();
                await().atMost(PATIENCE).until(() -> reasons(edges).contains("unknown"));
                assertThat(edges.read(TopicKind.DEAD_LETTERS, "west")).isEmpty();
            }
        }
    }

    @Test
    void withoutARegistryWhatALaterVersionSaysIsTakenByWhatItTold(@TempDir Path data)
            throws Exception {
        try (var broker = EmbeddedBroker.start(data.resolve("broker"), 0);
                var edges = new Edges(KafkaSettings.at(broker.bootstrapServers()))) {
            // Given
            edges.provision(List.of(TopicKind.values()), "west");
            var canary = new PretendCluster(CANARY, 500);
            var environment = Map.of("KAFKA_BOOTSTRAP_SERVERS", broker.bootstrapServers());
            try (var analysis = AnalysisProcess.start(environment, data.resolve("analysis"))) {
                await().atMost(PATIENCE).until(analysis::ready);
                edges.join(canary);
                await().atMost(PATIENCE).until(() -> edges.phase(CANARY).equals("Initialized"));

                // When
                NewerAction.tell(KafkaSettings.at(broker.bootstrapServers()), "west");
                edges.send(TopicKind.ACTIONS, CANARY, NewerAction.write(resume()));

                // Then
                await().atMost(PATIENCE).until(() -> reasons(edges).contains("unknown"));
                assertThat(edges.read(TopicKind.DEAD_LETTERS, "west")).isEmpty();
            }
        }
    }

    private static KafkaSettings settings(EmbeddedBroker broker, RegistryProcess registry) {
        return new KafkaSettings(
                Map.of(
                        "bootstrap.servers", broker.bootstrapServers(),
                        "schema.registry.url", registry.url(),
                        "auto.register.schemas", "true"));
    }

    private static List<String> reasons(Edges edges) {
        return edges.<JournalEntry>read(TopicKind.JOURNAL, "west").stream()
                .map(JournalEntry::getInput)
                .filter(Action.class::isInstance)
                .map(input -> ((Action) input).getReason())
                .toList();
    }

    private static Action resume() {
        return Action.newBuilder()
                .setCanary(CANARY.toString())
                .setActor("ada")
                .setAskedAt(Instant.EPOCH)
                .setAction(ActionKind.RESUME)
                .setReason("unknown")
                .build();
    }
}
