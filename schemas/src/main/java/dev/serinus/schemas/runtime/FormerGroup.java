package dev.serinus.schemas.runtime;

import static dev.serinus.schemas.runtime.GroupPlaces.answer;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The consumer group that a service of an older version read a topic in. Whoever begins in a group
 * of another name goes on where that one was, and not before it has been left: read in both groups,
 * each record would be handled twice. Only partitions are asked about that have had records and
 * have no committed offset in the new group, so that after the first start nothing is asked.
 */
final class FormerGroup implements FirstPlaces {

    private static final Logger log = LoggerFactory.getLogger(FormerGroup.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration REMINDER = Duration.ofMinutes(1);

    private final GroupPlaces places;
    private final String former;
    private final String group;
    private final String topic;

    FormerGroup(KafkaSettings settings, String former, String group, String topic) {
        this.places = new GroupPlaces(settings, group, topic);
        this.former = former;
        this.group = group;
        this.topic = topic;
    }

    /**
     * Waits until nobody reads the topic in the former group any more: as long as an older instance
     * runs it does the work. Brokers that are away are an exception, as everywhere in the loop.
     *
     * @param looked called at each look, to tell that the loop is alive
     */
    @Override
    public void await(BooleanSupplier closing, Runnable looked) throws InterruptedException {
        Admin admin = places.admin();
        try {
            long nextWord = System.nanoTime();
            while (!closing.getAsBoolean() && isNeeded(admin) && isRead(admin)) {
                looked.run();
                if (System.nanoTime() - nextWord >= 0) {
                    nextWord += REMINDER.toNanos();
                    log.atWarn()
                            .addKeyValue("topic", topic)
                            .addKeyValue("group", group)
                            .log(
                                    "an instance of an older version still reads this topic in"
                                            + " group "
                                            + former
                                            + ", waiting until it has ended");
                }
                Thread.sleep(LOOK);
            }
        } catch (AuthorizationException refused) {
            log.atDebug().addKeyValue("group", former).log("who is in it may not be asked");
        } catch (UnknownTopicOrPartitionException notMade) {
            log.atDebug().addKeyValue("topic", topic).log("there is no such topic yet");
        } finally {
            admin.close(Duration.ZERO); // what a broker that is away was asked is not waited for
        }
    }

    /** Of these partitions, those that the former group has read and the consumer's has not. */
    @Override
    public Map<TopicPartition, OffsetAndMetadata> offsets(
            Consumer<?, ?> consumer, Collection<TopicPartition> assigned) {
        var committed = consumer.committed(new HashSet<>(assigned));
        Set<TopicPartition> without =
                assigned.stream()
                        .filter(partition -> committed.get(partition) == null)
                        .collect(Collectors.toSet());
        if (without.isEmpty()) {
            return Map.of();
        }
        try (Admin admin = places.admin()) {
            without.retainAll(withRecords(admin, without));
            if (without.isEmpty()) {
                return Map.of();
            }
            var found = places.committed(admin, former);
            found.keySet().retainAll(without);
            if (!found.isEmpty()) {
                log.atInfo()
                        .addKeyValue("topic", topic)
                        .addKeyValue("group", group)
                        .addKeyValue("partitions", found.size())
                        .log("going on where the former group " + former + " was");
            }
            return found;
        } catch (AuthorizationException refused) {
            log.atWarn().addKeyValue("topic", topic).addKeyValue("group", group).log(refusal());
            return Map.of();
        }
    }

    private String refusal() {
        return """
        this account may not ask where the former group %1$s was, so all records that are kept \
        are handled, which repeats those of an older version: unless the installation is new, \
        stop the service, look with `kafka-consumer-groups.sh --describe --group %1$s`, and \
        go on from there with `kafka-consumer-groups.sh --group %2$s --topic %3$s \
        --reset-offsets --to-latest --execute` (or `--topic %3$s:PARTITION --to-offset N`)\
        """
                .formatted(former, group, topic);
    }

    /** True while there is a partition with records of which the new group has taken none. */
    private boolean isNeeded(Admin admin) {
        var without = new HashSet<>(partitions(admin));
        without.removeAll(places.committed(admin, group).keySet());
        return !withRecords(admin, without).isEmpty();
    }

    private List<TopicPartition> partitions(Admin admin) {
        return answer(admin.describeTopics(List.of(topic)).allTopicNames()).values().stream()
                .flatMap(description -> description.partitions().stream())
                .map(each -> new TopicPartition(topic, each.partition()))
                .toList();
    }

    /** Those that have ever had a record. */
    private static Set<TopicPartition> withRecords(Admin admin, Set<TopicPartition> partitions) {
        var ends =
                partitions.stream()
                        .collect(Collectors.toMap(Function.identity(), _ -> OffsetSpec.latest()));
        return answer(admin.listOffsets(ends).all()).entrySet().stream()
                .filter(end -> end.getValue().offset() > 0)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /**
     * Services of other clusters may be in the former group, too: they read topics of their own.
     */
    private boolean isRead(Admin admin) {
        try {
            return answer(admin.describeConsumerGroups(List.of(former)).all()).values().stream()
                    .anyMatch(this::isRead);
        } catch (GroupIdNotFoundException never) {
            return false;
        }
    }

    private boolean isRead(ConsumerGroupDescription description) {
        return switch (description.groupState()) {
            case EMPTY, DEAD -> false;
            case STABLE ->
                    description.members().stream()
                            .flatMap(member -> member.assignment().topicPartitions().stream())
                            .anyMatch(partition -> partition.topic().equals(topic));
            // Who reads what is being settled: the next look tells.
            case PREPARING_REBALANCE,
                    COMPLETING_REBALANCE,
                    ASSIGNING,
                    RECONCILING,
                    NOT_READY,
                    UNKNOWN ->
                    true;
        };
    }
}
