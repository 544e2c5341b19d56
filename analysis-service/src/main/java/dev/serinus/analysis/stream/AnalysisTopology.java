package dev.serinus.analysis.stream;

import dev.serinus.analysis.journal.StoredFleet;
import dev.serinus.analysis.telemetry.DecisionMetrics;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKeySerde;

import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.processor.api.ProcessorSupplier;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

import java.time.InstantSource;
import java.util.Map;

/**
 * One source for the inputs of every cluster, those to come included, one processor, one sink for
 * every topic: so that an input, its journal entry and all that follows are one transaction.
 */
final class AnalysisTopology {

    /**
     * Small segments and early compaction: a store is restored by reading its changelog, and
     * Kafka's defaults would let that grow to a gigabyte before anything is compacted.
     */
    static final Map<String, String> CHANGELOG =
            Map.of(
                    "segment.bytes", Integer.toString(8 << 20),
                    "segment.ms", "600000",
                    "min.cleanable.dirty.ratio", "0.2");

    /** Where records go whose key says the partition. */
    static final String OUTPUTS = "outputs";

    /** Where that goes which is said to a scope. */
    static final String SCOPES = "scopes";

    private AnalysisTopology() {}

    /**
     * The topology; {@code clusters} decides whose records may be taken, {@code limits} which may
     * be written, {@code fleet} says what the installation asks of canaries, {@code silence} which
     * clusters are silent.
     */
    static Topology of(
            KafkaSettings settings,
            Clusters clusters,
            SizeLimits limits,
            DecisionMetrics metrics,
            InstantSource time,
            FleetRulesSource fleet,
            SilenceSource silence) {
        ProcessorSupplier<byte[], byte[], byte[], OutgoingRecord> processor =
                () ->
                        new RolloutProcessor(
                                new InputReader(settings),
                                new DecisionWriter(settings),
                                clusters,
                                limits,
                                metrics,
                                time,
                                fleet,
                                silence);
        return new Topology()
                .addSource(
                        AutoOffsetReset.earliest(),
                        "inputs",
                        // A producer's clock is evidence: a nonsensical one must not stop anything.
                        (record, _) -> Math.max(record.timestamp(), 0),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer(),
                        Topics.inputs())
                .addProcessor("rollout", processor, "inputs")
                .addStateStore(rollouts(), "rollout")
                .addStateStore(waiting(), "rollout")
                .addStateStore(fleets(), "rollout")
                .<byte[], OutgoingRecord>addSink(
                        OUTPUTS,
                        (_, outgoing, _) -> outgoing.topic(),
                        new ByteArraySerializer(),
                        (_, outgoing) -> outgoing.value(),
                        "rollout")
                .<byte[], OutgoingRecord>addSink(
                        SCOPES,
                        (_, outgoing, _) -> outgoing.topic(),
                        new ByteArraySerializer(),
                        (_, outgoing) -> outgoing.value(),
                        new ScopePartitioner(),
                        "rollout");
    }

    private static StoreBuilder<?> rollouts() {
        return Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(RolloutProcessor.ROLLOUTS),
                        new CanaryKeySerde(),
                        new StoredRolloutSerde())
                .withLoggingEnabled(CHANGELOG);
    }

    private static StoreBuilder<?> fleets() {
        return Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(RolloutProcessor.FLEETS),
                        Serdes.String(),
                        new JsonSerde<>(StoredFleet.class))
                .withLoggingEnabled(CHANGELOG);
    }

    private static StoreBuilder<?> waiting() {
        return Stores.keyValueStoreBuilder(
                        Stores.inMemoryKeyValueStore(RolloutProcessor.WAITING),
                        Serdes.Bytes(),
                        new JsonSerde<>(ReceivedRecord.class))
                .withLoggingEnabled(CHANGELOG);
    }
}
