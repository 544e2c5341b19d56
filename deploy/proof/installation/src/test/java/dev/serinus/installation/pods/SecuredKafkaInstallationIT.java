package dev.serinus.installation.pods;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.broker.BrokerAccounts;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.broker.FreePort;
import dev.serinus.cli.Main;
import dev.serinus.cli.access.AccessTable;
import dev.serinus.cli.access.Accounts;
import dev.serinus.cli.access.BrokerAccess;
import dev.serinus.installation.chart.WithHelm;
import dev.serinus.testbed.User;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Five services around a Kafka that asks each of them who it is, and has no topics yet: each logs
 * in with a Secret of its own, topics are made by an account that may do nothing else, and a
 * release is promoted.
 */
@OnTestBed
@WithHelm
@InContainers
@Tag("long")
class SecuredKafkaInstallationIT {

    private static final String SETUP = "setup";

    private static final List<String> SERVICES =
            List.of("analysis", "watcher", "router", "webhook", "notifier");

    private static final AccessTable ACCESS =
            new AccessTable(
                    List.of("eu"),
                    Accounts.SERVICES,
                    "serinus-analysis",
                    List.of(),
                    List.of(SETUP),
                    "User:{}");

    @TempDir Path directory;

    @Test
    void promotesARelease(TestBed bed, KubernetesClient admin) throws Exception {
        var release = new Release(bed, "hub");
        var kubelet = new Kubelet(bed.controlPlane(), admin, directory.resolve("pods"));
        var shop = new Application(admin, bed.namespace());
        var accounts = accounts();
        try (var broker = EmbeddedBroker.start(directory.resolve("kafka"), 0, accounts);
                var kafka = admin(broker, accounts)) {
            // Rights come before topics, as where somebody else gives them.
            BrokerAccess.add(kafka, ACCESS);
            secrets(admin, bed.namespace(), accounts);
            release.install(values(broker));

            List<RunningPod> pods = kubelet.runAll(release.pods(SERVICES.size(), ""));
            try {
                pods.forEach(RunningPod::awaitReady);
                assertThat(doctor(bed, broker, accounts, "hub-serinus")).isZero();
                assertThat(doctor(bed, broker, accounts, "others")).as("no such accounts").isOne();
                shop.deploy();
                shop.awaitPhase("Initialized");
                shop.release("podinfo:2");
                shop.awaitPromoted("podinfo:2");
                shop.delete();
                assertThat(shop.targetReplicas()).as("the target serves again").isEqualTo(1);
                release.uninstall();
            } finally {
                pods.forEach(RunningPod::close);
            }
            assertThat(BrokerAccess.difference(kafka, ACCESS, Set.of())).isEmpty();
        }
    }

    /** What the command says of this installation, with the rights of its service accounts. */
    private int doctor(
            TestBed bed, EmbeddedBroker broker, BrokerAccounts accounts, String serviceAccounts)
            throws Exception {
        var login =
                Files.writeString(
                        directory.resolve("admin.properties"),
                        accounts.client("admin").entrySet().stream()
                                .map(each -> each.getKey() + "=" + each.getValue())
                                .collect(Collectors.joining("\n")));
        return Main.execute(
                new Main(),
                "doctor",
                "--cluster-name=eu",
                "--kubeconfig=" + bed.kubeconfig(User.ADMIN),
                "--service-accounts=%s/%s".formatted(bed.namespace(), serviceAccounts),
                "--mesh-provider=kubernetes",
                "--bootstrap-servers=" + broker.bootstrapServers(),
                "--command-config=" + login,
                "--provisioner=" + SETUP);
    }

    private static List<String> values(EmbeddedBroker broker) {
        List<String> values =
                new ArrayList<>(
                        List.of(
                                "mode=hub",
                                "clusterName=eu",
                                "kafka.bootstrapServers=" + broker.bootstrapServers(),
                                // How all log in is in a file, as whom in Secrets of each.
                                "kafka.filesSecret=kafka-files",
                                "env[0].name=KAFKA_PROPERTIES_FILE",
                                "env[0].value=/opt/serinus/kafka/client.properties",
                                "kafka.topics.existingSecret=kafka-" + SETUP,
                                "kafka.topics.partitions=3",
                                "persistence.enabled=false",
                                "listen.address=127.0.0.1",
                                "minInterval=1s",
                                "metricsServer=http://127.0.0.1:9"));
        for (String service : SERVICES) {
            values.add("services.%s.port=%d".formatted(service, FreePort.next()));
            values.add("services.%s.kafka.existingSecret=kafka-%s".formatted(service, service));
        }
        return values;
    }

    private static void secrets(
            KubernetesClient client, String namespace, BrokerAccounts accounts) {
        create(
                client,
                namespace,
                "kafka-files",
                "client.properties",
                "security.protocol=SASL_PLAINTEXT\nsasl.mechanism=SCRAM-SHA-512\n");
        Map<String, String> names = new HashMap<>(Map.of(SETUP, SETUP));
        SERVICES.forEach(service -> names.put(service, account(service)));
        names.forEach(
                (secret, account) ->
                        create(
                                client,
                                namespace,
                                "kafka-" + secret,
                                "KAFKA_SASL_JAAS_CONFIG",
                                Objects.requireNonNull(
                                        accounts.client(account).get("sasl.jaas.config"))));
    }

    private static void create(
            KubernetesClient client, String namespace, String name, String key, String value) {
        var _ =
                client.resource(
                                new SecretBuilder()
                                        .withNewMetadata()
                                        .withName(name)
                                        .withNamespace(namespace)
                                        .endMetadata()
                                        .addToStringData(key, value)
                                        .build())
                        .create();
    }

    private static String account(String service) {
        return service.equals("analysis") ? "serinus-analysis" : "serinus-eu-" + service;
    }

    private static BrokerAccounts accounts() {
        Map<String, String> passwords = new HashMap<>();
        passwords.put("admin", "secret-of-admin");
        passwords.put(SETUP, "secret-of-setup");
        SERVICES.forEach(service -> passwords.put(account(service), "secret-of-" + service));
        return new BrokerAccounts("admin", passwords);
    }

    private static Admin admin(EmbeddedBroker broker, BrokerAccounts accounts) {
        Map<String, Object> all = new HashMap<>(accounts.client("admin"));
        all.put("bootstrap.servers", broker.bootstrapServers());
        return Admin.create(all);
    }
}
