package dev.serinus.schemas.topic;

import org.testcontainers.junit.jupiter.Container;
import org.testcontainers.junit.jupiter.Testcontainers;
import org.testcontainers.kafka.KafkaContainer;

/**
 * The broker as its makers ship it, of the version of our clients; left out, and told as skipped,
 * where no Docker runs.
 */
@Testcontainers(disabledWithoutDocker = true)
class KafkaImageContractIT extends BrokerContract {

    @Container
    private static final KafkaContainer BROKER =
            new KafkaContainer("apache/kafka:" + System.getProperty("kafka.version"));

    @Override
    String bootstrapServers() {
        return BROKER.getBootstrapServers();
    }
}
