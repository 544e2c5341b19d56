package dev.serinus.analysis.stream;

import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.records.Inputs;
import dev.serinus.schemas.events.Announcement;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.runtime.Trouble;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
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

    /** An older analysis writes what is public: what it announces is looked at in its place. */
    private volatile boolean older;

    Edges(String bootstrapServers) {
        this(KafkaSettings.at(bootstrapServers));
    }

    Edges(KafkaSettings settings) {
        this.settings = settings;
        admin = Admin.create(settings.with(Map.of()));
        producer =
                new KafkaProducer<>(
                        // As the outbox: a topic just made may refuse the first of several.
                        settings.with(Map.of("max.in.flight.requests.per.connection", 1)),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        thread = Thread.ofPlatform().name("edges").daemon().start(this::run);
    }

    void provision(List<TopicKind> kinds, String cluster) throws Exception {
        provision(kinds, cluster, PARTITIONS);
    }

    void provision(List<TopicKind> kinds, String cluster, int partitions) throws Exception {
        admin.createTopics(
                        kinds.stream()
                                .map(
                                        kind ->
                                                new NewTopic(
                                                                kind.name(cluster),
                                                                partitions,
                                                                (short) 1)
                                                        .configs(kind.settings()))
                                .toList())
                .all()
                .get();
    }

    void delete(List<TopicKind> kinds, String cluster) throws Exception {
        admin.deleteTopics(kinds.stream().map(kind -> kind.name(cluster)).toList()).all().get();
    }

    void join(PretendCluster cluster) {
        clusters.put(cluster.canary, cluster);
        tell(cluster.created());
    }

    void tell(List<PretendCluster.Fact> facts) {
        for (PretendCluster.Fact fact : facts) {
            String canary = Inputs.canary(fact.value()).orElseThrow();
            String topic = fact.kind().name(CanaryKey.parse(canary).cluster());
            var _ =
                    producer.send(
                            new ProducerRecord<>(
                                    topic,
                                    canary.getBytes(UTF_8),
                                    patiently(
                                            () ->
                                                    settings.values()
                                                            .serializer()
                                                            .serialize(topic, fact.value()))));
        }
        producer.flush();
    }

    /** Sends any bytes at all, and waits until they are there. */
    void send(TopicKind kind, CanaryKey canary, byte[] value) throws Exception {
        String topic = kind.name(canary.cluster());
        producer.send(new ProducerRecord<>(topic, canary.toString().getBytes(UTF_8), value)).get();
    }

    /** From now on the brokers take no larger records on this topic. */
    void limit(TopicKind kind, String cluster, int bytes) throws Exception {
        var topic = new ConfigResource(ConfigResource.Type.TOPIC, kind.name(cluster));
        var limit = new ConfigEntry("max.message.bytes", Integer.toString(bytes));
        admin.incrementalAlterConfigs(
                        Map.of(topic, List.of(new AlterConfigOp(limit, AlterConfigOp.OpType.SET))))
                .all()
                .get();
    }

    /** Everything that analysis committed so far. */
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
                                // A commit for a topic that was deleted would hold everything up;
                                // without commits the partitions that stay must keep their place.
                                "enable.auto.commit", "false",
                                "partition.assignment.strategy",
                                        CooperativeStickyAssignor.class.getName(),
                                "metadata.max.age.ms", "500"));
        try (var consumer =
                new KafkaConsumer<>(
                        config, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.subscribe(ALL);
            while (!closed) {
                for (var record : consumer.poll(Duration.ofMillis(50))) {
                    if (record.value() != null
                            && !record.topic().endsWith("cdevents")
                            && !record.topic().endsWith(".schemas")
                            && !Topics.inputs().matcher(record.topic()).matches()) {
                        take(record.topic(), record.value());
                    }
                }
            }
        }
    }

    /** A registry on a busy machine may need more than one question. */
    private static <T> T patiently(Callable<T> serde) {
        return await().ignoreExceptionsMatching(Trouble::passes).until(serde, Objects::nonNull);
    }

    private void take(String topic, byte[] value) {
        SpecificRecord record;
        try {
            record = patiently(() -> settings.values().deserializer().deserialize(topic, value));
        } catch (SerializationException unreadable) {
            if (TopicKind.cluster(topic).isPresent()) {
                throw unreadable;
            }
            older = true; // its schema of what is public is told to nobody
            return;
        }
        List<SpecificRecord> records = seen.computeIfAbsent(topic, _ -> new ArrayList<>());
        synchronized (records) {
            records.add(record);
        }
        if (record instanceof RolloutState state) {
            phases.put(state.getCanary(), state.getPhase());
        }
        if (older
                && record instanceof Announcement told
                && told.getStatus() != null
                && !told.getStatus().getPhase().isEmpty()) {
            phases.put(told.getCanary(), told.getStatus().getPhase());
        }
        var canary = record.getSchema().getField("canary");
        // Of what people did, which nobody answers, it need not be there.
        if (canary != null && TopicKind.cluster(topic).isPresent()) {
            PretendCluster cluster =
                    clusters.get(CanaryKey.parse(record.get(canary.pos()).toString()));
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
