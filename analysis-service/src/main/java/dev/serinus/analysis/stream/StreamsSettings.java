package dev.serinus.analysis.stream;

import dev.serinus.analysis.AnalysisConfig;
import dev.serinus.schemas.runtime.KafkaSettings;

import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.StreamsConfig;

import java.util.Map;
import java.util.Properties;
import java.util.Set;

/** The Streams configuration, every line of it with its reason. */
final class StreamsSettings {

    /** The key under which the handler of failed sends finds the clusters. */
    static final String CLUSTERS = "serinus.clusters";

    /** The key under which it finds how large records may be. */
    static final String LIMITS = "serinus.limits";

    /** Serdes of the edge services' clients; Streams' own clients move bytes. */
    private static final Set<String> NOT_OURS =
            Set.of("key.serializer", "value.serializer", "key.deserializer", "value.deserializer");

    private StreamsSettings() {}

    static Properties of(
            KafkaSettings kafka,
            AnalysisConfig config,
            String instance,
            Clusters clusters,
            SizeLimits limits) {
        Properties all = new Properties();
        kafka.properties()
                .forEach(
                        (name, value) -> {
                            if (!NOT_OURS.contains(name)) {
                                all.put(name, value);
                            }
                        });
        all.put(StreamsConfig.APPLICATION_ID_CONFIG, config.applicationId());
        all.put(StreamsConfig.STATE_DIR_CONFIG, config.stateDir().toString());
        all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, config.streamThreads());
        all.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, config.standbys());
        all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        // The other protocol cannot subscribe to a pattern, and with it to clusters to come.
        all.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
        // Bounds what a crash repeats; a decision that asks for something commits by itself.
        all.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, config.commitInterval().toMillis());
        // A new cluster's topics are seen within this time.
        all.put(CommonClientConfigs.METADATA_MAX_AGE_CONFIG, 10_000);
        // Never hold one cluster's facts back because another's partition is away: the order
        // between
        // topics is not promised by anybody.
        all.put(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
        all.put(StreamsConfig.PRODUCTION_EXCEPTION_HANDLER_CLASS_CONFIG, FailedSend.class);
        all.put(CLUSTERS, clusters);
        all.put(LIMITS, limits);
        all.put(StreamsConfig.ENABLE_METRICS_PUSH_CONFIG, false);
        consumer(all, config, instance);
        producer(all, config);
        return all;
    }

    private static void consumer(Properties all, AnalysisConfig config, String instance) {
        long session = config.sessionTimeout().toMillis();
        all.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG),
                (int) session);
        all.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG),
                (int) (session / 3));
        // A record may unpack to max.message.bytes, and as many as these are in memory at once.
        all.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.MAX_POLL_RECORDS_CONFIG), 32);
        // A fetch is answered as soon as there is a record; without one it need not be put twice a
        // second.
        all.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG), 2_000);
        // Also how often the heartbeat's own thread wakes up to look whether it is time.
        all.put(StreamsConfig.mainConsumerPrefix(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG), 300);
        // A member that comes back under its name within the session takes its place again at once.
        all.put(
                StreamsConfig.mainConsumerPrefix(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG),
                instance);
    }

    private static void producer(Properties all, AnalysisConfig config) {
        int transaction = (int) config.transactionTimeout().toMillis();
        all.put(
                StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
                transaction);
        // A topic that vanished holds up the others this long, once: what is not sent by the end of
        // its transaction is not sent at all.
        all.put(
                StreamsConfig.producerPrefix(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG),
                transaction);
        all.put(
                StreamsConfig.producerPrefix(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG),
                transaction / 2);
        // The same for one that the producer does not know at all.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.MAX_BLOCK_MS_CONFIG), 10_000);
        // A commit flushes whatever lingers, so nothing waits for this. Without it each record
        // would leave at once, in several requests for one transaction, and the broker adds the
        // partitions of each to the transaction by itself.
        all.put(StreamsConfig.producerPrefix(ProducerConfig.LINGER_MS_CONFIG), 1_000);
    }

    /** The properties for clients beside Streams' own. */
    static Map<String, Object> client(KafkaSettings kafka, String clientId) {
        return kafka.with(Map.of(CommonClientConfigs.CLIENT_ID_CONFIG, clientId));
    }
}
