package dev.serinus.analysis.stream;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.journal.StoredRollout;
import dev.serinus.analysis.records.Inputs;
import dev.serinus.analysis.telemetry.DecisionMetrics;
import dev.serinus.analysis.telemetry.Traces;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;
import dev.serinus.schemas.topic.TopicKind;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;

import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/** The real topology without a broker, its clock in the test's hand. */
final class Bench implements AutoCloseable {

    static final Instant START = Instant.parse("2026-11-22T10:00:00Z");
    static final KafkaSettings SETTINGS = KafkaSettings.at("none:0");
    private static final SilenceSource NOBODY_SILENT = () -> Optional.of(List.of());

    final MeterRegistry registry = new SimpleMeterRegistry();
    final Set<String> incomplete = new HashSet<>();

    /** Clusters without the topics by which budgets are shared. */
    final Set<String> apart = new HashSet<>();

    /** Clusters of which it is not known whether they have them. */
    final Set<String> unsure = new HashSet<>();

    private final TopologyTestDriver driver;
    private Instant now = START;

    Bench() {
        this(SETTINGS, SizeLimits.of(SETTINGS));
    }

    /** With traces of what is decided. */
    Bench(Traces traces) {
        this(SETTINGS, SizeLimits.of(SETTINGS), traces, FleetRulesSource.NONE, NOBODY_SILENT);
    }

    /** With what the installation asks of canaries. */
    Bench(FleetRulesSource fleet) {
        this(fleet, NOBODY_SILENT);
    }

    /** The same, with what is known of clusters. */
    Bench(FleetRulesSource fleet, SilenceSource silence) {
        this(SETTINGS, SizeLimits.of(SETTINGS), Traces.OFF, fleet, silence);
    }

    Bench(KafkaSettings settings, SizeLimits limits) {
        this(settings, limits, Traces.OFF, FleetRulesSource.NONE, NOBODY_SILENT);
    }

    private Bench(
            KafkaSettings settings,
            SizeLimits limits,
            Traces traces,
            FleetRulesSource fleet,
            SilenceSource silence) {
        var properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, "bench");
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, "none:0");
        var clusters =
                new Clusters() {
                    @Override
                    public boolean complete(String cluster) {
                        return !incomplete.contains(cluster);
                    }

                    @Override
                    public Sharing sharing(String cluster) {
                        if (!complete(cluster) || unsure.contains(cluster)) {
                            return Sharing.UNKNOWN;
                        }
                        return apart.contains(cluster) ? Sharing.IMPOSSIBLE : Sharing.POSSIBLE;
                    }

                    @Override
                    public void doubt() {}
                };
        var metrics = new DecisionMetrics(registry, false, () -> now, traces);
        driver =
                new TopologyTestDriver(
                        AnalysisTopology.of(
                                settings, clusters, limits, metrics, () -> now, fleet, silence),
                        properties,
                        START);
    }

    /** Sends a fact the way its producer would. */
    <V extends SpecificRecord> void send(Topic<CanaryKey, V> topic, CanaryKey canary, V value) {
        send(
                topic.name(),
                canary.toString().getBytes(UTF_8),
                topic.values().serializer().serialize(topic.name(), value));
    }

    /** Sends any bytes at all. */
    void send(String topic, byte @Nullable [] key, byte @Nullable [] value) {
        driver.createInputTopic(topic, new ByteArraySerializer(), new ByteArraySerializer())
                .pipeInput(new TestRecord<>(key, value, now));
    }

    /** Sends what happened in a pretended cluster. */
    void tell(List<PretendCluster.Fact> facts) {
        for (var fact : facts) {
            var canary = CanaryKey.parse(Inputs.canary(fact.value()).orElseThrow());
            send(
                    fact.kind().name(canary.cluster()),
                    canary.toString().getBytes(UTF_8),
                    SETTINGS.values().serializer().serialize("", fact.value()));
        }
    }

    /** Lets the edges of a cluster answer, second by second. */
    void settle(PretendCluster cluster, Duration time) {
        String name = cluster.canary.cluster();
        for (long second = 0; second < time.toSeconds(); second++) {
            List<SpecificRecord> commands = commands(name);
            while (!commands.isEmpty()) {
                commands.forEach(command -> tell(cluster.answer(command)));
                commands = commands(name);
            }
            advance(Duration.ofSeconds(1));
        }
    }

    private List<SpecificRecord> commands(String cluster) {
        var topics = new Topics(SETTINGS);
        List<SpecificRecord> commands = new ArrayList<>(read(topics.routerCommands(cluster)));
        commands.addAll(read(topics.metricQueries(cluster)));
        return commands;
    }

    /** All that was written to a topic since it was last asked. */
    List<TestRecord<byte[], byte[]>> raw(TopicKind kind, String cluster) {
        return driver.createOutputTopic(
                        kind.name(cluster),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())
                .readRecordsToList();
    }

    /** The same, decoded; tombstones are left out. */
    <V extends SpecificRecord> List<V> read(Topic<CanaryKey, V> topic) {
        return driver.createOutputTopic(
                        topic.name(), new ByteArrayDeserializer(), topic.values().deserializer())
                .readValuesToList();
    }

    void advance(Duration time) {
        now = now.plus(time);
        driver.advanceWallClockTime(time);
    }

    /** Turns the clock back, as a machine's may be; what is due was due all the same. */
    void setBack(Duration time) {
        now = now.minus(time);
    }

    @Nullable StoredRollout kept(CanaryKey canary) {
        return driver.<CanaryKey, StoredRollout>getKeyValueStore(RolloutProcessor.ROLLOUTS)
                .get(canary);
    }

    @Override
    public void close() {
        driver.close();
    }
}
