package dev.serinus.analysis.stream;

import static java.util.stream.Collectors.toCollection;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownMemberIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.TopologyDescription;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What has to be done before a version joins whose topology is another than that of the one before
 * it in its place. A member that comes back under its name gets what it had, and the group's leader
 * is not asked: so nobody makes the changelog of a new store, which its task waits for without an
 * end, and nobody reads a new input. While older instances lead the group it would be the same
 * without a name.
 *
 * @param applicationId the group, and how the names of changelogs begin
 * @param replicas how many copies a changelog has, -1 for the broker's default
 */
record TopologyChange(Admin admin, String applicationId, short replicas) {

    private static final Logger log = LoggerFactory.getLogger(TopologyChange.class);
    private static final long PATIENCE_SECONDS = 30;

    /** What of a topology matters here, as text that is the same in each process. */
    static String of(Topology topology) {
        var inputs = new TreeSet<String>();
        for (var part : topology.describe().subtopologies()) {
            for (var node : part.nodes()) {
                if (node instanceof TopologyDescription.Source source) {
                    inputs.add(source.topicPattern() + " " + source.topicSet());
                }
            }
        }
        return "inputs " + inputs + ", stores " + stores(topology);
    }

    private static Set<String> stores(Topology topology) {
        return topology.describe().subtopologies().stream()
                .flatMap(part -> part.nodes().stream())
                .filter(TopologyDescription.Processor.class::isInstance)
                .flatMap(node -> ((TopologyDescription.Processor) node).stores().stream())
                .collect(toCollection(TreeSet::new));
    }

    /**
     * Makes the changelogs that are missing beside others of this application, and gives up the
     * instance's places in the group. Doing it twice is harmless.
     *
     * @throws ExecutionException if Kafka refused it
     * @throws TimeoutException if Kafka did not answer
     */
    void prepare(Topology topology, String instance)
            throws ExecutionException, InterruptedException, TimeoutException {
        makeChangelogs(stores(topology));
        leave(instance);
    }

    private void makeChangelogs(Set<String> stores)
            throws ExecutionException, InterruptedException, TimeoutException {
        var changelogs =
                stores.stream().map(store -> applicationId + "-" + store + "-changelog").toList();
        var asked = admin.describeTopics(changelogs).topicNameValues();
        Map<String, OptionalInt> partitions = new TreeMap<>();
        for (String changelog : changelogs) {
            var found = unless(UnknownTopicOrPartitionException.class, asked.get(changelog));
            partitions.put(
                    changelog,
                    found == null
                            ? OptionalInt.empty()
                            : OptionalInt.of(found.partitions().size()));
        }
        // Without any the application is new, and its first leader makes them.
        var most = partitions.values().stream().flatMapToInt(OptionalInt::stream).max();
        if (most.isEmpty()) {
            return;
        }
        for (var each : partitions.entrySet()) {
            if (each.getValue().isEmpty()) {
                make(each.getKey(), most.getAsInt());
            }
        }
    }

    private void make(String topic, int partitions)
            throws ExecutionException, InterruptedException, TimeoutException {
        var configs = new TreeMap<>(AnalysisTopology.CHANGELOG);
        configs.put("cleanup.policy", "compact");
        configs.put("message.timestamp.type", "CreateTime");
        var wanted =
                new NewTopic(
                                topic,
                                Optional.of(partitions),
                                replicas < 0 ? Optional.empty() : Optional.of(replicas))
                        .configs(configs);
        unless(TopicExistsException.class, admin.createTopics(List.of(wanted)).all());
        log.atInfo()
                .addKeyValue("topic", topic)
                .addKeyValue("partitions", partitions)
                .log("the changelog of a store that the version before did not have was made");
    }

    private void leave(String instance)
            throws ExecutionException, InterruptedException, TimeoutException {
        var group =
                unless(
                        GroupIdNotFoundException.class,
                        admin.describeConsumerGroups(List.of(applicationId))
                                .describedGroups()
                                .get(applicationId));
        if (group == null) {
            return;
        }
        // Streams gives each of its threads the instance's name and a number.
        var places =
                group.members().stream()
                        .flatMap(member -> member.groupInstanceId().stream())
                        .filter(name -> name.startsWith(instance))
                        .map(MemberToRemove::new)
                        .toList();
        for (var place : places) {
            unless(
                    UnknownMemberIdException.class,
                    admin.removeMembersFromConsumerGroup(
                                    applicationId,
                                    new RemoveMembersFromConsumerGroupOptions(Set.of(place)))
                            .memberResult(place));
        }
    }

    /** The answer, or null where it is the one that means there is nothing to do. */
    private static <T> @Nullable T unless(
            Class<? extends Exception> harmless, @Nullable KafkaFuture<T> asked)
            throws ExecutionException, InterruptedException, TimeoutException {
        try {
            return asked == null ? null : asked.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException refused) {
            if (harmless.isInstance(refused.getCause())) {
                return null;
            }
            throw refused;
        }
    }
}
