package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Provisioning;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** What one cluster sends is small, and larger than the memory of the analysis once unpacked. */
@Tag("long")
class CompressedRecordIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** More than the process of the test has. */
    private static final int HUGE = 300 << 20;

    private static final int PIECE = 1_000_000;
    private static final CanaryKey SENDER = new CanaryKey("west", "test", "podinfo");
    private static final String TOPIC = TopicKind.CHANGES.name("west");

    @Test
    void whatUnpacksToMoreThanMemoryIsRefusedAndTheOtherClustersGoOn(@TempDir Path data)
            throws Exception {
        var canary = new PretendCluster(new CanaryKey("east", "test", "podinfo"), 500);
        try (var broker = EmbeddedBroker.start(data.resolve("broker"), 0);
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                var edges = new Edges(broker.bootstrapServers());
                var sender = packing(broker)) {
            // Given
            Provisioning.ensureTopics(admin, List.of("west", "east"), 1, (short) 1);
            try (var analysis =
                    AnalysisProcess.start(broker.bootstrapServers(), data.resolve("analysis"))) {
                await().atMost(PATIENCE).until(analysis::ready);
                edges.join(canary);
                await().atMost(PATIENCE)
                        .until(() -> edges.phase(canary.canary).equals("Initialized"));

                // When
                var one = send(sender, new byte[HUGE]);
                List<Future<RecordMetadata>> many =
                        IntStream.range(0, HUGE / PIECE)
                                .mapToObj(_ -> send(sender, new byte[PIECE]))
                                .toList();

                // Then
                assertThatThrownBy(one::get).hasCauseInstanceOf(InvalidRecordException.class);
                for (var each : many) {
                    assertThat(each.get().hasOffset()).isTrue();
                }
                edges.tell(canary.released("b"));
                await().atMost(PATIENCE)
                        .until(() -> edges.phase(canary.canary).equals("Succeeded"));
                await().atMost(PATIENCE)
                        .until(
                                () ->
                                        edges.read(TopicKind.DEAD_LETTERS, "west").size()
                                                == many.size());
            }
        }
    }

    private static Future<RecordMetadata> send(KafkaProducer<byte[], byte[]> sender, byte[] value) {
        return sender.send(new ProducerRecord<>(TOPIC, SENDER.toString().getBytes(UTF_8), value));
    }

    private static KafkaProducer<byte[], byte[]> packing(EmbeddedBroker broker) {
        return new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        broker.bootstrapServers(),
                        "compression.type",
                        "zstd",
                        "max.request.size",
                        Integer.MAX_VALUE,
                        "buffer.memory",
                        4L * HUGE,
                        "batch.size",
                        HUGE,
                        "linger.ms",
                        200),
                new ByteArraySerializer(),
                new ByteArraySerializer());
    }
}
