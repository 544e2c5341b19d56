package dev.serinus.analysis.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.records.Inputs;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * All edge services of all clusters at once: reads every command as it is committed, answers it.
 */
final class Edges implements AutoCloseable {

    private static final int PARTITIONS = 3;
    private static final Pattern ALL = Pattern.compile("serinus\\..*");

    private final KafkaSettings settings;
    private final Admin admin;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<CanaryKey, PretendCluster> clusters = new ConcurrentHashMap<>();
    private final Map<String, List<SpecificRecord>> seen = new ConcurrentHashMap<>();
    private final Map<String, String> phases = new ConcurrentHashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    Edges(String bootstrapServers) {
        settings = KafkaSettings.at(bootstrapServers);
        admin = Admin.create(settings.with(Map.of()));
        producer =
                new KafkaProducer<>(
                        settings.with(Map.of()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        thread = Thread.ofPlatform().name("edges").daemon().start(this::run);
    }

    void provision(List<TopicKind> kinds, String cluster) throws Exception {
        admin.createTopics(
                        kinds.stream()
                                .map(
                                        kind ->
                                                new NewTopic(
                                                                kind.name(cluster),
                                                                PARTITIONS,
                                                                (short) 1)
                                                        .configs(kind.settings()))
                                .toList())
                .all()
                .get();
    }

    void join(PretendCluster cluster) {
        clusters.put(cluster.canary, cluster);
        tell(cluster.created());
    }

    void tell(List<PretendCluster.Fact> facts) {
        for (PretendCluster.Fact fact : facts) {
            String canary = Inputs.canary(fact.value()).orElseThrow();
            String topic = fact.kind().name(CanaryKey.parse(canary).cluster());
            producer.send(
                    new ProducerRecord<>(
                            topic,
                            canary.getBytes(UTF_8),
                            settings.values().serializer().serialize(topic, fact.value())));
        }
        producer.flush();
    }

    /** Everything committed so far. */
    @SuppressWarnings("unchecked") // the topic says what it carries
    <V extends SpecificRecord> List<V> read(TopicKind kind, String cluster) {
        List<SpecificRecord> records = seen.getOrDefault(kind.name(cluster), List.of());
        synchronized (records) {
            return (List<V>) List.copyOf(records);
        }
    }

    String phase(CanaryKey canary) {
        return phases.getOrDefault(canary.toString(), "");
    }

    private void run() {
        Map<String, Object> config =
                settings.with(
                        Map.of(
                                "isolation.level", "read_committed",
                                "auto.offset.reset", "earliest",
                                "group.id", "edges",
                                "metadata.max.age.ms", "500"));
        try (var consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(ALL);
            while (!closed) {
                for (var record : consumer.poll(Duration.ofMillis(50))) {
                    if (record.value() != null && !record.topic().endsWith("cdevents")) {
                        take(record.topic(), record.value());
                    }
                }
            }
        }
    }

    private void take(String topic, byte[] value) {
        SpecificRecord record = settings.values().deserializer().deserialize(topic, value);
        List<SpecificRecord> records = seen.computeIfAbsent(topic, _ -> new ArrayList<>());
        synchronized (records) {
            records.add(record);
        }
        if (record instanceof RolloutState state) {
            phases.put(state.getCanary(), state.getPhase());
        }
        Object canary = record.getSchema().getField("canary") == null ? null : record.get(0);
        if (canary != null) {
            PretendCluster cluster = clusters.get(CanaryKey.parse(canary.toString()));
            if (cluster != null) {
                tell(cluster.answer(record));
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            thread.join(Duration.ofSeconds(5));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        producer.close();
        admin.close();
    }
}
