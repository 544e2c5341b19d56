package dev.serinus.schemas.runtime;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** Where consumer groups are on one topic, as the broker knows it. */
final class GroupPlaces {

    private final KafkaSettings settings;
    private final String asker;
    private final String topic;

    /**
     * @param asker the group for whose sake is asked, which names the client
     */
    GroupPlaces(KafkaSettings settings, String asker, String topic) {
        this.settings = settings;
        this.asker = asker;
        this.topic = topic;
    }

    /** A client that gives up soon; the caller's to close. */
    Admin admin() {
        return Admin.create(
                settings.with(
                        Map.of(
                                AdminClientConfig.CLIENT_ID_CONFIG,
                                asker + "-former",
                                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                "5000",
                                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                "10000")));
    }

    /** The offset that a group has committed, of the partitions of which it has one. */
    Map<TopicPartition, OffsetAndMetadata> committed(Admin admin, String group) {
        Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
        try {
            answer(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
                    .forEach(
                            (partition, offset) -> {
                                if (partition.topic().equals(topic) && offset != null) {
                                    found.put(partition, offset);
                                }
                            });
        } catch (GroupIdNotFoundException never) {
            return found;
        }
        return found;
    }

    /** The answer, or Kafka's exception. */
    static <T> T answer(KafkaFuture<T> asked) {
        try {
            return asked.get();
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException told) {
                throw told;
            }
            throw new KafkaException(failed.getCause());
        } catch (InterruptedException stopped) {
            throw new InterruptException(stopped);
        }
    }
}
