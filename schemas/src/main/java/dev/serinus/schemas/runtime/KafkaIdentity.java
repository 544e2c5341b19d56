package dev.serinus.schemas.runtime;

import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import java.util.Map;
import java.util.concurrent.ExecutionException;

/** Tells one Kafka from another. */
public final class KafkaIdentity {

    private static final Logger LOG = LoggerFactory.getLogger(KafkaIdentity.class);

    private KafkaIdentity() {}

    /**
     * The id that all brokers of a Kafka share and that stays as long as their data do. Waits for
     * brokers that are away.
     */
    public static String of(KafkaSettings kafka) throws InterruptedException {
        try (Admin admin = Admin.create(kafka.with(Map.of()))) {
            var backoff = new Backoff();
            while (true) {
                try {
                    return admin.describeCluster().clusterId().get();
                } catch (ExecutionException away) {
                    LOG.atWarn()
                            .addKeyValue("because", String.valueOf(away.getCause()))
                            .log("waiting for Kafka to tell its id");
                    backoff.next();
                }
            }
        }
    }
}
