package dev.serinus.schemas.runtime;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * A group that handles some records beside the others begins where the main group is: what that has
 * read, it has handled. Its places are committed at once, also in partitions without records, since
 * the main group leaves nothing to it before.
 */
final class PlacesOfMain implements FirstPlaces {

    private final GroupPlaces places;
    private final String main;
    private final @Nullable FormerGroup former;

    /**
     * @param former the group before the main one, which nobody may read in any more
     */
    PlacesOfMain(
            KafkaSettings settings,
            String main,
            @Nullable FormerGroup former,
            String group,
            String topic) {
        this.places = new GroupPlaces(settings, group, topic);
        this.main = main;
        this.former = former;
    }

    @Override
    public void await(BooleanSupplier closing, Runnable looked) throws InterruptedException {
        if (former != null) {
            former.await(closing, looked);
        }
    }

    @Override
    public Map<TopicPartition, OffsetAndMetadata> offsets(
            Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
        var committed = consumer.committed(new HashSet<>(assigned));
        Set<TopicPartition> without = new HashSet<>(assigned);
        without.removeIf(partition -> committed.get(partition) != null);
        if (without.isEmpty()) {
            return Map.of();
        }
        Map<TopicPartition, OffsetAndMetadata> found = new HashMap<>();
        consumer.beginningOffsets(without)
                .forEach((partition, first) -> found.put(partition, new OffsetAndMetadata(first)));
        try (Admin admin = places.admin()) {
            var read = places.committed(admin, main);
            read.keySet().retainAll(without);
            found.putAll(read);
            without.removeAll(read.keySet());
        }
        if (former != null && !without.isEmpty()) {
            found.putAll(former.offsets(consumer, without));
        }
        return found;
    }

    @Override
    public boolean areToldAtOnce() {
        return true;
    }
}
