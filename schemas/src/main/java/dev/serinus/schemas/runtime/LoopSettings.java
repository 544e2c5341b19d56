package dev.serinus.schemas.runtime;

import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.GroupProtocol;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The consumer properties of a loop: some that an installation may change, some it may not. */
final class LoopSettings {

    private LoopSettings() {}

    static Map<String, Object> consumer(KafkaSettings settings, String group, String topic) {
        Map<String, Object> all = new HashMap<>();
        // A process that is killed and has no group.instance.id is missed after this time.
        all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, "10000");
        all.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, "3000");
        // A record may unpack to max.message.bytes, and as many as these are in memory at once.
        all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, "32");
        all.put(ConsumerConfig.METADATA_MAX_AGE_CONFIG, "10000");
        // A fetch is answered as soon as there is a record; without one it need not be put twice a
        // second. What a partition that is taken up again has waits no longer than this.
        all.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, "2000");
        // Also how often the heartbeat's own thread wakes up to look whether it is time.
        all.put(ConsumerConfig.RETRY_BACKOFF_MS_CONFIG, "300");
        all.putAll(settings.properties());

        all.put(ConsumerConfig.GROUP_ID_CONFIG, group);
        all.put(ConsumerConfig.CLIENT_ID_CONFIG, group);
        all.computeIfPresent(
                ConsumerConfig.GROUP_INSTANCE_ID_CONFIG, (_, process) -> process + "." + topic);
        all.put(
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed"); // of analysis' transactions
        all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, "false");
        all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, "false");
        // The classic protocol lets the client choose its session timeout, on any broker.
        all.put(
                ConsumerConfig.GROUP_PROTOCOL_CONFIG,
                GroupProtocol.CLASSIC.name().toLowerCase(Locale.ROOT));
        all.put(
                ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
                CooperativeStickyAssignor.class.getName());
        all.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        all.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, ByteArrayDeserializer.class);
        return all;
    }
}
