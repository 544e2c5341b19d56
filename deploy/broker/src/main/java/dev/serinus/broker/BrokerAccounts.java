package dev.serinus.broker;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * Who may use a broker that asks for names and passwords (SASL, SCRAM-SHA-512). The administrator
 * may do everything; the others only what Kafka's own authorizer finds allowed to them.
 *
 * @param administrator one of those with a password
 * @param passwords by name; letters, digits, {@code -}, {@code _} and {@code .}
 */
public record BrokerAccounts(String administrator, Map<String, String> passwords) {

    static final String MECHANISM = "SCRAM-SHA-512";
    private static final String PLAIN_WORDS = "[A-Za-z0-9._-]+";

    public BrokerAccounts {
        passwords = Map.copyOf(passwords);
        if (!passwords.containsKey(administrator)) {
            throw new IllegalArgumentException("the administrator has no password");
        }
        passwords.forEach(
                (name, password) -> {
                    // They are written into configurations that have quotes and commas of their
                    // own.
                    if (!name.matches(PLAIN_WORDS) || !password.matches(PLAIN_WORDS)) {
                        throw new IllegalArgumentException(
                                "name and password must be letters, digits, -, _ and ., which those"
                                        + " of '"
                                        + name
                                        + "' are not");
                    }
                });
    }

    /** Kafka's own properties of a client that is this account, of a broker without TLS. */
    public Map<String, String> client(String name) {
        return Map.of(
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                MECHANISM,
                "sasl.jaas.config",
                scram(name));
    }

    /**
     * What a broker with these accounts has besides what every one has.
     *
     * @param listener the protocol at which it asks for them
     */
    Map<String, String> settings(String listener) {
        return Map.ofEntries(
                Map.entry(
                        "listener.security.protocol.map",
                        listener + ":" + listener + ",CONTROLLER:SASL_PLAINTEXT"),
                Map.entry("inter.broker.listener.name", listener),
                Map.entry("sasl.enabled.mechanisms", MECHANISM),
                Map.entry("sasl.mechanism.inter.broker.protocol", MECHANISM),
                Map.entry(
                        "listener.name.%s.scram-sha-512.sasl.jaas.config"
                                .formatted(listener.toLowerCase(Locale.ROOT)),
                        scram(administrator)),
                // The passwords of SCRAM are in the controller's log, so it cannot be asked by
                // them before it runs.
                Map.entry("sasl.mechanism.controller.protocol", "PLAIN"),
                Map.entry("listener.name.controller.sasl.enabled.mechanisms", "PLAIN"),
                Map.entry(
                        "listener.name.controller.plain.sasl.jaas.config",
                        "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\" user_%s=\"%s\";"
                                .formatted(
                                        administrator,
                                        password(administrator),
                                        administrator,
                                        password(administrator))),
                Map.entry("authorizer.class.name", BrokerSettings.AUTHORIZER),
                Map.entry("allow.everyone.if.no.acl.found", "false"),
                Map.entry("super.users", "User:" + administrator));
    }

    /** The accounts as a new log of the controller takes them. */
    List<String> scramArguments() {
        return passwords.entrySet().stream()
                .map(
                        each ->
                                MECHANISM
                                        + "=[name=%s,password=%s]"
                                                .formatted(each.getKey(), each.getValue()))
                .sorted()
                .toList();
    }

    private String scram(String name) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"%s\" password=\"%s\";"
                .formatted(name, password(name));
    }

    private String password(String name) {
        return Objects.requireNonNull(
                passwords.get(name), () -> "there is no account '" + name + "'");
    }

    /** Names only. */
    @Override
    public String toString() {
        return "BrokerAccounts" + passwords.keySet();
    }
}
