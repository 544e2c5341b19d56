package dev.serinus.cli;

import dev.serinus.cli.access.AccessTable;
import dev.serinus.cli.access.BrokerAccess;
import dev.serinus.cli.access.TopicDifference;
import dev.serinus.schemas.runtime.Topics;

import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/** Whether a Kafka has what Serinus needs of it. */
final class KafkaCheck {

    private final Admin admin;
    private final AccessTable table;
    private final Set<String> trusted;
    private final @Nullable String account;

    /**
     * @param account the one of the table as which the settings log in; null for an administrator
     */
    KafkaCheck(Admin admin, AccessTable table, Set<String> trusted, @Nullable String account) {
        this.admin = admin;
        this.table = table;
        this.trusted = trusted;
        this.account = account;
    }

    List<Finding> findings() throws ExecutionException, InterruptedException {
        List<Finding> all = new ArrayList<>();
        all.add(Finding.ok("Kafka answers: " + admin.describeCluster().clusterId().get()));
        all.add(new ClockCheck(Instant::now).ofKafka(admin));
        if (account != null) {
            all.addAll(
                    Finding.of(
                            BrokerAccess.refused(admin, table, account),
                            "an administrator runs topics apply --acls, or what topics acls prints",
                            "Kafka allows %s its topics and groups; transactions and topics of its own are known only by use"
                                    .formatted(account)));
            return all;
        }
        all.addAll(
                Finding.of(
                        TopicDifference.of(admin, table.clusters(), Topics.PARTITIONS),
                        "deploy/serinus topics apply makes what is missing; what is there is"
                                + " changed by Kafka's own commands",
                        "the topics of %s are as they must be"
                                .formatted(String.join(", ", table.clusters()))));
        all.addAll(
                Finding.of(
                        BrokerAccess.difference(admin, table, trusted),
                        "deploy/serinus topics apply --acls makes what is missing; --trusted names"
                                + " who may do more; --account asks as a service itself",
                        "the rights at Kafka are those that are needed"));
        return all;
    }
}
