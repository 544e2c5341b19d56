package dev.serinus.installation.pods;

import dev.serinus.broker.BrokerAccounts;
import dev.serinus.broker.BrokerTls;
import dev.serinus.broker.BrokerTokens;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.testbed.Certificates;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** How accounts show a Kafka who they are, and what the chart is told for it. */
sealed interface KafkaLogin {

    String ADMINISTRATOR = "admin";

    /** The Secret with what all have in common. */
    String COMMON = "kafka-files";

    EmbeddedBroker broker(Path data);

    /** How Kafka spells an account. */
    String principal();

    /** Kafka's own properties of a client on this machine that is this account. */
    Map<String, String> client(String account) throws IOException, GeneralSecurityException;

    /** What is in the Secret of all, by key. */
    Map<String, String> common() throws IOException, GeneralSecurityException;

    /** What is in the Secret of one account, by key. */
    Map<String, String> own(String account) throws IOException, GeneralSecurityException;

    /** The values of the chart for all. */
    List<String> values();

    /** The value by which a part is given its Secret, below {@code kafka} of it. */
    String named();

    /** By name and password (SCRAM), said in a file of properties. */
    record Passwords(BrokerAccounts accounts) implements KafkaLogin {

        Passwords(Set<String> names) {
            this(accounts(names));
        }

        static BrokerAccounts accounts(Set<String> names) {
            Map<String, String> passwords = new HashMap<>();
            passwords.put(ADMINISTRATOR, "secret-of-admin");
            names.forEach(name -> passwords.put(name, "secret-of-" + name));
            return new BrokerAccounts(ADMINISTRATOR, passwords);
        }

        @Override
        public EmbeddedBroker broker(Path data) {
            return EmbeddedBroker.start(data, 0, accounts);
        }

        @Override
        public String principal() {
            return "User:{}";
        }

        @Override
        public Map<String, String> client(String account) {
            return accounts.client(account);
        }

        @Override
        public Map<String, String> common() {
            return Map.of(
                    "client.properties",
                    "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-512\n");
        }

        @Override
        public Map<String, String> own(String account) {
            return Map.of("KAFKA_SASL_JAAS_CONFIG", jaas(accounts, account));
        }

        @Override
        public List<String> values() {
            return List.of(
                    "kafka.filesSecret=" + COMMON,
                    "env[0].name=KAFKA_PROPERTIES_FILE",
                    "env[0].value=/opt/serinus/kafka/client.properties");
        }

        @Override
        public String named() {
            return "existingSecret";
        }
    }

    /** By name and password over TLS, with an authority of our own. */
    record PasswordsOverTls(BrokerAccounts accounts, Certificates certificates, BrokerTls tls)
            implements KafkaLogin {

        static PasswordsOverTls of(Set<String> names, Path folder) throws Exception {
            var certificates = new Certificates(folder);
            certificates.give(ADMINISTRATOR, subject(ADMINISTRATOR));
            return new PasswordsOverTls(
                    Passwords.accounts(names), certificates, brokerTls(certificates));
        }

        @Override
        public EmbeddedBroker broker(Path data) {
            return EmbeddedBroker.start(data, 0, accounts, tls);
        }

        @Override
        public String principal() {
            return "User:{}";
        }

        @Override
        public Map<String, String> client(String account) {
            Map<String, String> all = new HashMap<>(accounts.client(account));
            all.put("security.protocol", "SASL_SSL");
            all.putAll(trusting(tls));
            return all;
        }

        @Override
        public Map<String, String> common() throws IOException, GeneralSecurityException {
            return Map.of("ca.crt", certificates.authority());
        }

        @Override
        public Map<String, String> own(String account) {
            return Map.of("KAFKA_SASL_JAAS_CONFIG", jaas(accounts, account));
        }

        @Override
        public List<String> values() {
            return List.of(
                    "kafka.filesSecret=" + COMMON,
                    "kafka.properties.security\\.protocol=SASL_SSL",
                    "kafka.properties.sasl\\.mechanism=SCRAM-SHA-512",
                    "kafka.properties.ssl\\.truststore\\.type=PEM",
                    "kafka.properties.ssl\\.truststore\\.location=/opt/serinus/kafka/ca.crt");
        }

        @Override
        public String named() {
            return "existingSecret";
        }
    }

    /** By certificates alone, whose subjects are the accounts. */
    record OwnCertificates(Certificates certificates, BrokerTls tls) implements KafkaLogin {

        static OwnCertificates of(Set<String> names, Path folder) throws Exception {
            var certificates = new Certificates(folder);
            List<String> all = new ArrayList<>(names);
            all.add(ADMINISTRATOR);
            for (String name : all) {
                certificates.give(name, subject(name));
            }
            return new OwnCertificates(certificates, brokerTls(certificates));
        }

        @Override
        public EmbeddedBroker broker(Path data) {
            return EmbeddedBroker.start(data, 0, null, tls);
        }

        @Override
        public String principal() {
            return "User:" + subject("{}");
        }

        @Override
        public Map<String, String> client(String account)
                throws IOException, GeneralSecurityException {
            Map<String, String> all = new HashMap<>(trusting(tls));
            all.put("security.protocol", "SSL");
            all.put("ssl.keystore.type", "PKCS12");
            all.put("ssl.keystore.location", certificates.keyStore(account).toString());
            all.put("ssl.keystore.password", Certificates.PASSWORD);
            return all;
        }

        @Override
        public Map<String, String> common() throws IOException, GeneralSecurityException {
            return Map.of();
        }

        @Override
        public Map<String, String> own(String account)
                throws IOException, GeneralSecurityException {
            return Map.of(
                    "ca.crt",
                    certificates.authority(),
                    "client.pem",
                    certificates.keyAndChain(account));
        }

        @Override
        public List<String> values() {
            return List.of(
                    "kafka.properties.security\\.protocol=SSL",
                    "kafka.properties.ssl\\.truststore\\.type=PEM",
                    "kafka.properties.ssl\\.truststore\\.location=/opt/serinus/kafka/ca.crt",
                    "kafka.properties.ssl\\.keystore\\.type=PEM",
                    "kafka.properties.ssl\\.keystore\\.location=/opt/serinus/kafka/client.pem");
        }

        @Override
        public String named() {
            return "filesSecret";
        }
    }

    /** By tokens of a provider, which each account asks for by id and secret. */
    record Tokens(BrokerAccounts accounts, Map<String, String> clients, TokenServer server)
            implements KafkaLogin {

        private static final String MODULE =
                "org.apache.kafka.common.security.oauthbearer.OAuthBearerLogin";

        @Override
        public EmbeddedBroker broker(Path data) {
            return EmbeddedBroker.start(
                    data,
                    0,
                    accounts,
                    new BrokerTokens(server.keys(), server.issuer(), TokenServer.AUDIENCE));
        }

        @Override
        public String principal() {
            return "User:{}";
        }

        @Override
        public Map<String, String> client(String account) {
            return accounts.client(account);
        }

        @Override
        public Map<String, String> common() {
            return Map.of();
        }

        @Override
        public Map<String, String> own(String account) {
            return Map.of(
                    "KAFKA_SASL_JAAS_CONFIG",
                    MODULE + "Module required;",
                    "KAFKA_SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_ID",
                    account,
                    "KAFKA_SASL_OAUTHBEARER_CLIENT_CREDENTIALS_CLIENT_SECRET",
                    Objects.requireNonNull(clients.get(account)));
        }

        @Override
        public List<String> values() {
            return List.of(
                    "kafka.properties.security\\.protocol=SASL_PLAINTEXT",
                    "kafka.properties.sasl\\.mechanism=OAUTHBEARER",
                    "kafka.properties.sasl\\.login\\.callback\\.handler\\.class="
                            + MODULE
                            + "CallbackHandler",
                    "kafka.properties.sasl\\.oauthbearer\\.token\\.endpoint\\.url="
                            + server.tokens());
        }

        @Override
        public String named() {
            return "existingSecret";
        }
    }

    private static String subject(String name) {
        return "CN=" + name + ",O=example";
    }

    private static BrokerTls brokerTls(Certificates certificates)
            throws IOException, GeneralSecurityException {
        return new BrokerTls(
                certificates.keyStore(ADMINISTRATOR),
                certificates.trustStore(),
                Certificates.PASSWORD,
                subject(ADMINISTRATOR));
    }

    private static Map<String, String> trusting(BrokerTls tls) {
        return Map.of(
                "ssl.truststore.type",
                "PKCS12",
                "ssl.truststore.location",
                tls.trustStore().toString(),
                "ssl.truststore.password",
                Certificates.PASSWORD);
    }

    private static String jaas(BrokerAccounts accounts, String account) {
        return Objects.requireNonNull(accounts.client(account).get("sasl.jaas.config"));
    }

    /** These properties as a file for a command. */
    default Path file(String account, Path folder) throws IOException, GeneralSecurityException {
        return Files.write(
                folder.resolve(account + ".properties"),
                client(account).entrySet().stream()
                        .map(each -> each.getKey() + "=" + each.getValue())
                        .toList());
    }
}
