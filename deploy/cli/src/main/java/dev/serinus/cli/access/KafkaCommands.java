package dev.serinus.cli.access;

import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.resource.ResourceType;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Topics and rights as a shell script that calls the commands which come with Kafka. */
public final class KafkaCommands {

    private static final String HEAD =
            """
            #!/bin/sh
            # Topics and rights of Serinus at Kafka. What is there already is left as it is.
            #   BOOTSTRAP  HOST:PORT of a broker
            #   CONFIG     file with the properties by which an administrator logs in
            # Brokers before Kafka 4.4 do not know max.decompressed.message.bytes: replace it there by
            # compression.type=uncompressed (see deploy/cli/README.md).
            set -eu
            topic() {
              "${KAFKA_TOPICS:-kafka-topics.sh}" --bootstrap-server "$BOOTSTRAP" --command-config "$CONFIG" \\
                --create --if-not-exists "$@"
            }
            allow() {
              "${KAFKA_ACLS:-kafka-acls.sh}" --bootstrap-server "$BOOTSTRAP" --command-config "$CONFIG" --add "$@"
            }
            """;

    private KafkaCommands() {}

    /** The whole script. */
    public static String of(PlannedTopics topics, AccessTable access) {
        List<String> lines = new ArrayList<>();
        for (var topic : topics.topics()) {
            var line = new StringBuilder("topic --topic " + topic.name());
            line.append(" --partitions ").append(topics.partitions());
            if (topics.copies() > 0) {
                line.append(" --replication-factor ").append(topics.copies());
            }
            topic.settings()
                    .forEach(
                            (name, value) ->
                                    line.append(" --config ")
                                            .append(name)
                                            .append('=')
                                            .append(value));
            lines.add(line.toString());
        }
        String account = "";
        for (Grant grant : access.grants()) {
            if (!grant.account().equals(account)) {
                account = grant.account();
                lines.add("\n# " + account);
            }
            lines.add(allow(grant, access.principal(account)));
        }
        return HEAD + "\n" + String.join("\n", lines) + "\n";
    }

    private static String allow(Grant grant, String principal) {
        return "allow --allow-principal '%s' %s --%s %s%s"
                .formatted(
                        principal,
                        grant.sorted().stream()
                                .map(operation -> "--operation " + title(operation))
                                .collect(Collectors.joining(" ")),
                        option(grant.resource().resourceType()),
                        grant.resource().name(),
                        grant.isPrefixed() ? " --resource-pattern-type prefixed" : "");
    }

    /** As Kafka's commands and Strimzi spell it, as in {@code DescribeConfigs}. */
    static String title(AclOperation operation) {
        return Stream.of(operation.name().split("_", -1))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    private static String option(ResourceType type) {
        return switch (type) {
            case TOPIC -> "topic";
            case GROUP -> "group";
            case TRANSACTIONAL_ID -> "transactional-id";
            default -> throw new IllegalStateException("nothing is granted on " + type);
        };
    }
}
