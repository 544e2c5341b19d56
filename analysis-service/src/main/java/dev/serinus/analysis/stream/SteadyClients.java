package dev.serinus.analysis.stream;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.KafkaClientSupplier;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Streams' clients, with two differences. The consumer tells its thread how many records it
 * brought, see {@link Batch}. And the transactional id is that of the instance and not that of the
 * process. Streams keeps its process id only where a store is on disk, and ours are not; with a new
 * id at each start, a transaction cut off by a kill would hold up every reader until the broker
 * times it out, where the same id ends it at once.
 */
record SteadyClients(String instance) implements KafkaClientSupplier {

    @Override
    public Admin getAdmin(Map<String, Object> config) {
        return Admin.create(config);
    }

    @Override
    public Producer<byte[], byte[]> getProducer(Map<String, Object> config) {
        Map<String, Object> steady = new HashMap<>(config);
        steady.computeIfPresent(
                ProducerConfig.TRANSACTIONAL_ID_CONFIG, (_, given) -> steady((String) given));
        return new KafkaProducer<>(steady, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** The consumer of inputs, which tells its thread how much it brought. */
    @Override
    public Consumer<byte[], byte[]> getConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer()) {
            @Override
            public ConsumerRecords<byte[], byte[]> poll(Duration timeout) {
                var records = super.poll(timeout);
                Batch.ofThisThread().polled(records.count());
                return records;
            }
        };
    }

    @Override
    public Consumer<byte[], byte[]> getRestoreConsumer(Map<String, Object> config) {
        return new KafkaConsumer<>(
                config, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    @Override
    public Consumer<byte[], byte[]> getGlobalConsumer(Map<String, Object> config) {
        return getRestoreConsumer(config);
    }

    /** {@code APPLICATION-PROCESS-THREAD}, where the process is a UUID of 36 characters. */
    private String steady(String given) {
        int thread = given.lastIndexOf('-');
        int process = thread - 36;
        if (process < 0) {
            return given;
        }
        return given.substring(0, process) + instance + given.substring(thread);
    }
}
