package dev.serinus.cli.access;

import org.apache.kafka.common.resource.ResourceType;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Topics and rights as the resources from which Strimzi's operators make them. */
public final class StrimziResources {

    private StrimziResources() {}

    /**
     * One document for each topic and each account.
     *
     * @param kafka name of the Kafka resource
     * @param authentication how the accounts log in: {@code scram-sha-512}, {@code tls} or {@code
     *     tls-external}
     */
    public static String of(
            PlannedTopics topics, AccessTable access, String kafka, String authentication) {
        List<String> documents = new ArrayList<>();
        topics.topics().forEach(topic -> documents.add(topic(topic, topics, kafka)));
        Map<String, List<Grant>> accounts =
                access.grants().stream()
                        .collect(
                                Collectors.groupingBy(
                                        Grant::account, LinkedHashMap::new, Collectors.toList()));
        accounts.forEach(
                (account, grants) -> documents.add(user(account, grants, kafka, authentication)));
        return String.join("---\n", documents);
    }

    private static String topic(
            PlannedTopics.PlannedTopic topic, PlannedTopics topics, String kafka) {
        var text =
                new StringBuilder(
                        """
                        apiVersion: kafka.strimzi.io/v1
                        kind: KafkaTopic
                        metadata:
                          name: %s
                          labels: {strimzi.io/cluster: "%s"}
                        spec:
                          partitions: %d
                        """
                                .formatted(topic.name(), kafka, topics.partitions()));
        if (topics.copies() > 0) {
            text.append("  replicas: ").append(topics.copies()).append('\n');
        }
        text.append("  config:\n");
        topic.settings()
                .forEach((name, value) -> text.append("    %s: \"%s\"%n".formatted(name, value)));
        return text.toString();
    }

    private static String user(
            String account, List<Grant> grants, String kafka, String authentication) {
        var text =
                new StringBuilder(
                        """
                        apiVersion: kafka.strimzi.io/v1
                        kind: KafkaUser
                        metadata:
                          name: %s
                          labels: {strimzi.io/cluster: "%s"}
                        spec:
                          authentication: {type: %s}
                          authorization:
                            type: simple
                            acls:
                        """
                                .formatted(account, kafka, authentication));
        for (Grant grant : grants) {
            text.append(
                    """
                        - resource: {type: %s, name: "%s", patternType: %s}
                          operations: [%s]
                    """
                            .formatted(
                                    type(grant.resource().resourceType()),
                                    grant.resource().name(),
                                    grant.isPrefixed() ? "prefix" : "literal",
                                    grant.sorted().stream()
                                            .map(KafkaCommands::title)
                                            .collect(Collectors.joining(", "))));
        }
        return text.toString();
    }

    private static String type(ResourceType type) {
        return switch (type) {
            case TOPIC -> "topic";
            case GROUP -> "group";
            case TRANSACTIONAL_ID -> "transactionalId";
            default -> throw new IllegalStateException("nothing is granted on " + type);
        };
    }
}
