package dev.serinus.schemas.topic;

import static org.apache.kafka.common.config.TopicConfig.COMPRESSION_TYPE_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_DECOMPRESSED_MESSAGE_BYTES_CONFIG;
import static org.apache.kafka.common.config.TopicConfig.MAX_MESSAGE_BYTES_CONFIG;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;

/**
 * Bounds what a record may unpack to. Kafka's {@code max.message.bytes} is a limit on what a
 * producer sends, packed: 18 KB may unpack to 600 MB, and a consumer allocates that before anybody
 * sees the record, again after each restart. So the broker has to refuse it.
 */
public final class UnpackedSize {

    private static final Logger log = LoggerFactory.getLogger(UnpackedSize.class);

    /** Kafka's default, which is no limit. */
    private static final long NONE = Integer.MAX_VALUE - 8L;

    private static final String UNPACKED = "uncompressed";

    private UnpackedSize() {}

    /** Those of the topics that take a record whatever it unpacks to, sorted. */
    public static List<String> unbounded(Admin admin, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        return configs(admin, topics).entrySet().stream()
                .filter(topic -> !isBounded(topic.getValue()))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    /**
     * Sets the limit where there is none: a record may unpack to what it might have been unpacked,
     * {@code max.message.bytes}.
     */
    static void bound(Admin admin, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        bound(admin, topics, MAX_DECOMPRESSED_MESSAGE_BYTES_CONFIG);
    }

    /**
     * Does so by the setting of this name. Where the broker does not know it, being older than
     * Kafka 4.4, it unpacks what arrives and refuses what is too large then: safe for consumers,
     * but the broker pays with memory of its own.
     */
    static void bound(Admin admin, Collection<String> topics, String setting)
            throws ExecutionException, InterruptedException {
        for (var topic : configs(admin, topics).entrySet()) {
            if (isBounded(topic.getValue())) {
                continue;
            }
            String limit = topic.getValue().get(MAX_MESSAGE_BYTES_CONFIG).value();
            if (!set(admin, topic.getKey(), setting, limit)) {
                log.atWarn()
                        .addKeyValue("topic", topic.getKey())
                        .log(
                                "the broker does not know "
                                        + setting
                                        + ": it is told to store records uncompressed, and needs"
                                        + " memory for what a record unpacks to; Kafka 4.4 needs"
                                        + " none");
                set(admin, topic.getKey(), COMPRESSION_TYPE_CONFIG, UNPACKED);
            }
        }
    }

    private static boolean isBounded(Config config) {
        return UNPACKED.equals(value(config, COMPRESSION_TYPE_CONFIG).orElse(null))
                || value(config, MAX_DECOMPRESSED_MESSAGE_BYTES_CONFIG)
                        .filter(limit -> Long.parseLong(limit) < NONE)
                        .isPresent();
    }

    private static Optional<String> value(Config config, String setting) {
        return Optional.ofNullable(config.get(setting)).map(ConfigEntry::value);
    }

    private static Map<String, Config> configs(Admin admin, Collection<String> topics)
            throws ExecutionException, InterruptedException {
        return admin
                .describeConfigs(topics.stream().map(UnpackedSize::resource).toList())
                .all()
                .get()
                .entrySet()
                .stream()
                .collect(
                        Collectors.toUnmodifiableMap(
                                config -> config.getKey().name(), Map.Entry::getValue));
    }

    /** False when the broker does not know the setting. */
    private static boolean set(Admin admin, String topic, String setting, String value)
            throws ExecutionException, InterruptedException {
        var change = new AlterConfigOp(new ConfigEntry(setting, value), AlterConfigOp.OpType.SET);
        try {
            admin.incrementalAlterConfigs(Map.of(resource(topic), List.of(change))).all().get();
            return true;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof InvalidConfigurationException) {
                return false;
            }
            throw failed;
        }
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }
}
