package dev.serinus.cli;

import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.shell.ErrorCauses;
import dev.serinus.schemas.topic.Provisioning;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

import java.util.List;
import java.util.Map;

/** Sees to it that the topics exist, where that is allowed. */
final class Kafka {

    /** As many copies as the brokers make by default. */
    static final short BROKER_DECIDES = -1;

    private Kafka() {}

    /** Asks the brokers, and gives up before a person does. */
    static Admin admin(KafkaSettings kafka) {
        return Admin.create(
                kafka.with(
                        Map.of(
                                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
                                "15000",
                                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                                "10000")));
    }

    static void provision(KafkaSettings kafka, String cluster, int partitions) {
        provision(kafka, List.of(cluster), partitions, BROKER_DECIDES);
    }

    /**
     * Creates what is missing of the topics of these clusters and of their hub.
     *
     * @param partitions of each topic of a new hub
     * @param copies of each partition
     */
    static void provision(
            KafkaSettings kafka, List<String> clusters, int partitions, short copies) {
        try (var admin = admin(kafka)) {
            Provisioning.ensureTopics(admin, clusters, partitions, copies);
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw new Refused(List.of("interrupted while the topics were made"));
        } catch (RuntimeException trouble) {
            throw new Refused(
                    List.of(
                            "Kafka at %s cannot be used: %s"
                                    .formatted(
                                            kafka.properties().get("bootstrap.servers"),
                                            ErrorCauses.shortest(trouble)),
                            "if it may not create topics, let an administrator create those of"
                                    + " cluster "
                                    + String.join(", ", clusters)));
        }
    }
}
