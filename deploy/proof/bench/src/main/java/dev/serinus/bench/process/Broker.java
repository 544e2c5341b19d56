package dev.serinus.bench.process;

import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.Provisioning;

import org.apache.kafka.clients.admin.Admin;

import java.util.List;
import java.util.Map;

/** A broker that runs, and how it is reached. */
public record Broker(JavaProcess process, KafkaSettings kafka) implements AutoCloseable {

    /** Creates the topics of the hub and of one cluster, with the partitions of production. */
    public void provision(String cluster) throws InterruptedException {
        try (Admin admin = Admin.create(kafka.with(Map.of()))) {
            Provisioning.ensureTopics(admin, List.of(cluster), Topics.PARTITIONS, (short) 1);
        }
    }

    /** What clients set as {@code bootstrap.servers}. */
    public String address() {
        return kafka.properties().getOrDefault("bootstrap.servers", "");
    }

    @Override
    public void close() {
        process.close();
    }
}
