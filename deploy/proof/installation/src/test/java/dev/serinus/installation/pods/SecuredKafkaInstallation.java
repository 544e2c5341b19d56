package dev.serinus.installation.pods;

import static org.assertj.core.api.Assertions.assertThat;

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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Five services around a Kafka that asks each of them who it is, and has no topics yet: each logs
 * in with a Secret of its own, topics are made by an account that may do nothing else, and a
 * release is promoted. Each way to log in is a class, since each has a namespace of its own.
 */
@OnTestBed
@WithHelm
@InContainers
@Tag("long")
abstract class SecuredKafkaInstallation {

    private static final String SETUP = "setup";

    private static final List<String> SERVICES =
            List.of("analysis", "watcher", "router", "webhook", "notifier");

    @TempDir Path directory;

    /** How the services of this trial log in. */
    abstract KafkaLogin login(Set<String> accounts, Path certificates) throws Exception;

    @Test
    void promotesARelease(TestBed bed, KubernetesClient admin) throws Exception {
        // Given
        KafkaLogin login = login(accounts(), directory.resolve("certificates"));
        var access =
                new AccessTable(
                        List.of("eu"),
                        Accounts.SERVICES,
                        "serinus-analysis",
                        List.of(),
                        List.of(SETUP),
                        login.principal());
        var release = new Release(bed, "hub");
        var kubelet = new Kubelet(bed.controlPlane(), admin, directory.resolve("pods"));
        var shop = new Application(admin, bed.namespace());
        try (var broker = login.broker(directory.resolve("kafka"));
                var kafka = admin(broker, login)) {
            // Rights come before topics, as where somebody else gives them.
            BrokerAccess.add(kafka, access);
            secrets(admin, bed.namespace(), login);
            release.install(values(broker, login));

            List<RunningPod> pods = kubelet.runAll(release.pods(SERVICES.size(), ""));
            try {
                pods.forEach(RunningPod::awaitReady);
                assertThat(doctor(bed, broker, login, "hub-serinus")).isZero();
                assertThat(doctor(bed, broker, login, "others")).as("no such accounts").isOne();
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
            assertThat(BrokerAccess.difference(kafka, access, Set.of())).isEmpty();
        }
    }

    /** What the command says of this installation, with the rights of its service accounts. */
    private int doctor(TestBed bed, EmbeddedBroker broker, KafkaLogin login, String serviceAccounts)
            throws Exception {
        return Main.execute(
                new Main(),
                "doctor",
                "--cluster-name=eu",
                "--kubeconfig=" + bed.kubeconfig(User.ADMIN),
                "--service-accounts=%s/%s".formatted(bed.namespace(), serviceAccounts),
                "--mesh-provider=kubernetes",
                "--bootstrap-servers=" + broker.bootstrapServers(),
                "--command-config=" + login.file(KafkaLogin.ADMINISTRATOR, directory),
                "--principal=" + login.principal(),
                "--provisioner=" + SETUP);
    }

    private static List<String> values(EmbeddedBroker broker, KafkaLogin login) {
        List<String> values =
                new ArrayList<>(
                        List.of(
                                "mode=hub",
                                "clusterName=eu",
                                "kafka.bootstrapServers=" + broker.bootstrapServers(),
                                "kafka.topics.%s=kafka-%s".formatted(login.named(), SETUP),
                                "kafka.topics.partitions=3",
                                "persistence.enabled=false",
                                "listen.address=127.0.0.1",
                                "minInterval=1s",
                                "metricsServer=http://127.0.0.1:9"));
        values.addAll(login.values());
        for (String service : SERVICES) {
            values.add("services.%s.port=%d".formatted(service, FreePort.next()));
            values.add("services.%s.kafka.%s=kafka-%s".formatted(service, login.named(), service));
        }
        return values;
    }

    private static void secrets(KubernetesClient client, String namespace, KafkaLogin login)
            throws Exception {
        create(client, namespace, KafkaLogin.COMMON, login.common());
        Map<String, String> names = new HashMap<>(Map.of(SETUP, SETUP));
        SERVICES.forEach(service -> names.put(service, account(service)));
        for (var each : names.entrySet()) {
            create(client, namespace, "kafka-" + each.getKey(), login.own(each.getValue()));
        }
    }

    private static void create(
            KubernetesClient client, String namespace, String name, Map<String, String> data) {
        var _ =
                client.resource(
                                new SecretBuilder()
                                        .withNewMetadata()
                                        .withName(name)
                                        .withNamespace(namespace)
                                        .endMetadata()
                                        .withStringData(data)
                                        .build())
                        .create();
    }

    private static String account(String service) {
        return service.equals("analysis") ? "serinus-analysis" : "serinus-eu-" + service;
    }

    private static Set<String> accounts() {
        Set<String> names = new HashSet<>(Set.of(SETUP));
        SERVICES.forEach(service -> names.add(account(service)));
        return names;
    }

    private static Admin admin(EmbeddedBroker broker, KafkaLogin login) throws Exception {
        Map<String, Object> all = new HashMap<>(login.client(KafkaLogin.ADMINISTRATOR));
        all.put("bootstrap.servers", broker.bootstrapServers());
        return Admin.create(all);
    }
}
