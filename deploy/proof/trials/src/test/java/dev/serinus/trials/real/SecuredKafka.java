package dev.serinus.trials.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.broker.BrokerAccounts;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.cli.access.AccessTable;
import dev.serinus.cli.access.Accounts;
import dev.serinus.cli.access.BrokerAccess;
import dev.serinus.cli.access.Grant;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.Provisioning;

import org.apache.kafka.clients.admin.Admin;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * A Kafka that asks everybody who he is, with the topics of a hub of two clusters, an account for
 * each service of each of them, and the rights that the table grants.
 */
final class SecuredKafka implements AutoCloseable {

    static final List<String> CLUSTERS = List.of("eu", "us");
    static final String ADMINISTRATOR = "admin";

    static final AccessTable TABLE =
            new AccessTable(
                    CLUSTERS,
                    Accounts.SERVICES,
                    "serinus-analysis",
                    List.of("reporting"),
                    List.of("setup"),
                    "User:{}");

    private final BrokerAccounts accounts;
    private final EmbeddedBroker broker;

    private SecuredKafka(BrokerAccounts accounts, EmbeddedBroker broker) {
        this.accounts = accounts;
        this.broker = broker;
    }

    /** One to which nobody has given topics or rights yet. */
    static SecuredKafka empty(Path data) {
        Map<String, String> passwords = new HashMap<>();
        passwords.put(ADMINISTRATOR, "secret-of-" + ADMINISTRATOR);
        names().forEach(name -> passwords.put(name, "secret-of-" + name));
        var accounts = new BrokerAccounts(ADMINISTRATOR, passwords);
        return new SecuredKafka(accounts, EmbeddedBroker.start(data, 0, accounts));
    }

    static SecuredKafka provided(Path data) throws Exception {
        var kafka = empty(data);
        try (Admin admin = kafka.admin()) {
            Provisioning.ensureTopics(admin, CLUSTERS, 3, (short) 1);
            BrokerAccess.add(admin, TABLE);
            assertThat(BrokerAccess.difference(admin, TABLE, Set.of())).isEmpty();
        }
        return kafka;
    }

    /** All accounts but the administrator's. */
    static Set<String> names() {
        return TABLE.grants().stream()
                .map(Grant::account)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** How this account logs in. */
    KafkaSettings as(String account) {
        Map<String, String> all = new HashMap<>(accounts.client(account));
        all.put("bootstrap.servers", broker.bootstrapServers());
        return new KafkaSettings(all);
    }

    Admin admin() {
        return Admin.create(as(ADMINISTRATOR).with(Map.of()));
    }

    @Override
    public void close() {
        broker.close();
    }
}
