package dev.serinus.broker;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The settings of one broker that is alone, by Kafka's names. */
final class BrokerSettings {

    static final int NODE_ID = 1;
    static final String CONTROLLER = "CONTROLLER";
    static final String AUTHORIZER = "org.apache.kafka.metadata.authorizer.StandardAuthorizer";

    private BrokerSettings() {}

    /**
     * Those of a broker that asks nobody who he is, of one with accounts, of one that knows all by
     * their certificates, or of one with accounts behind TLS; one with accounts may take tokens as
     * well.
     */
    static Map<String, String> of(
            Path dataDirectory,
            int port,
            int controllerPort,
            @Nullable BrokerAccounts accounts,
            @Nullable BrokerTls tls,
            @Nullable BrokerTokens tokens) {
        String listener = (accounts == null ? "" : "SASL_") + (tls == null ? "PLAINTEXT" : "SSL");
        Map<String, String> all = new HashMap<>(of(dataDirectory, listener, port, controllerPort));
        if (accounts != null) {
            all.putAll(accounts.settings(listener));
            if (tokens != null) {
                all.putAll(tokens.settings(listener));
            }
        }
        if (tls != null) {
            all.putAll(tls.settings());
            if (accounts == null) {
                all.putAll(tls.identities());
            }
        }
        return all;
    }

    private static Map<String, String> of(
            Path dataDirectory, String listener, int port, int controllerPort) {
        return Map.ofEntries(
                Map.entry("node.id", Integer.toString(NODE_ID)),
                Map.entry("process.roles", "broker,controller"),
                Map.entry("controller.quorum.voters", NODE_ID + "@127.0.0.1:" + controllerPort),
                Map.entry("controller.listener.names", CONTROLLER),
                Map.entry(
                        "listeners",
                        "%s://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
                                .formatted(listener, port, controllerPort)),
                Map.entry("advertised.listeners", listener + "://127.0.0.1:" + port),
                Map.entry("log.dirs", dataDirectory.toString()),
                // Topics are provisioned, never made by a misspelt name.
                Map.entry("auto.create.topics.enable", "false"),
                // There is one broker, so nothing can be kept more than once.
                Map.entry("default.replication.factor", "1"),
                Map.entry("min.insync.replicas", "1"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                // Few partitions of its own and small indexes: up in about two seconds.
                Map.entry("offsets.topic.num.partitions", "4"),
                Map.entry("transaction.state.log.num.partitions", "4"),
                // A transaction that begins while the one before is being completed is tried again
                // after this time. That is the rule here and takes a millisecond or two; Kafka's
                // default of 20 would be most of the time from an answer to a command.
                Map.entry("add.partitions.to.txn.retry.backoff.ms", "1"),
                Map.entry("share.coordinator.state.topic.num.partitions", "1"),
                Map.entry("log.index.size.max.bytes", "1048576"),
                Map.entry("log.segment.bytes", "67108864"),
                // Allocated for good at the start; room for 78,000 keys of a pass, and more passes
                // where a topic has more.
                Map.entry("log.cleaner.dedupe.buffer.size", "2097152"),
                // Nobody else will join: a group need not wait for more members.
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("group.min.session.timeout.ms", "1000"),
                // It answers to itself; a restart after a kill need not wait for its former self.
                Map.entry("broker.session.timeout.ms", "3000"),
                Map.entry("broker.heartbeat.interval.ms", "1000"),
                // A controller that is alone need not show every half second that it is there.
                Map.entry("metadata.max.idle.interval.ms", "60000"),
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "4"),
                Map.entry("background.threads", "2"));
    }
}
