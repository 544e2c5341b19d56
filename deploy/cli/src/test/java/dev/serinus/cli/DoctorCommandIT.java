package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;

import dev.serinus.broker.BrokerAccounts;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.crd.Crds;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An installation as it must be, and one in which everything is wrong. */
@EnableKubernetesMockClient(crud = true, https = false)
class DoctorCommandIT {

    private static final BrokerAccounts ACCOUNTS =
            new BrokerAccounts(
                    "admin",
                    Map.of("admin", "secret", "serinus-eu-router", "r", "serinus-eu-webhook", "w"));

    @SuppressWarnings("NullAway.Init") // the extension sets it
    private KubernetesClient client;

    @TempDir Path directory;

    @Test
    void saysOfEachThingThatItIsWell() throws Exception {
        // Given
        Crds.all().forEach(each -> client.resource(each).create());
        var metrics = metrics();
        try (var broker = EmbeddedBroker.start(directory.resolve("kafka"), 0, ACCOUNTS)) {
            String kafka = "--bootstrap-servers=" + broker.bootstrapServers();
            assertThat(
                            execute(
                                            "topics",
                                            "apply",
                                            "--cluster-name=eu",
                                            "--partitions=1",
                                            "--acls=true",
                                            kafka,
                                            properties("admin"))
                                    .code())
                    .isZero();
            // When
            var told =
                    doctor(
                            "--mesh-provider=kubernetes",
                            "--metrics-server=http://127.0.0.1:" + metrics.getAddress().getPort(),
                            kafka,
                            properties("admin"));
            // Then
            assertThat(told.text().lines())
                    .allMatch(
                            line ->
                                    line.startsWith("ok ")
                                            || line.equals("nothing is wrong")
                                            // This API server's answers have none.
                                            || line.endsWith("its answers have no date")
                                            // It does not say either what somebody may do.
                                            || line.startsWith("unknown whether the account")
                                            || line.contains("what this account may read"),
                            "is well");
            assertThat(told.text())
                    .contains(
                            "the cluster answers",
                            "the resource definitions know all",
                            "the account of the kubeconfig may do all",
                            "the metrics server answers",
                            "Kafka answers",
                            "the clock of Kafka is that of this machine",
                            "the topics of eu are as they must be",
                            "the rights at Kafka are those that are needed");
            assertThat(told.code()).isZero();
            // As a service sees it, and as one whose account is another's.
            assertThat(asRouter(kafka, "serinus-eu-router").text())
                    .contains("ok      Kafka allows serinus-eu-router its topics and groups");
            assertThat(asRouter(kafka, "serinus-eu-webhook").text())
                    .contains("wrong   may do nothing with topic serinus.eu.router-commands")
                    .contains("wrong   may not Read group serinus.eu.router")
                    .doesNotContain("dead-letters");
        } finally {
            metrics.stop(0);
        }
    }

    private Told asRouter(String kafka, String login) throws Exception {
        return doctor(
                "--mesh-provider=kubernetes",
                kafka,
                properties(login),
                "--account=serinus-eu-router");
    }

    @Test
    void saysOfEachThingThatIsWrongWhatToDo() throws Exception {
        try (var broker = EmbeddedBroker.start(directory.resolve("kafka"), 0)) {
            var told =
                    doctor(
                            "--namespace=shop",
                            "--metrics-server=http://prometheus.invalid:9090",
                            "--bootstrap-servers=" + broker.bootstrapServers());

            assertThat(told.code()).isOne();
            assertThat(told.text())
                    .contains(
                            "wrong   the cluster has no definition canaries.flagger.app",
                            "-> deploy/serinus crds | kubectl apply",
                            "wrong   the cluster does not know DestinationRule",
                            "wrong   there is no namespace shop",
                            "wrong   the metrics server http://prometheus.invalid:9090 does not"
                                    + " answer: the name prometheus.invalid is not known",
                            "wrong   topic serinus.eu.changes is missing",
                            "-> deploy/serinus topics apply makes what is missing",
                            "wrong   the brokers look at no rights",
                            " things are wrong");
        }
    }

    @Test
    void goesOnWhereSomethingIsAway() throws Exception {
        var told =
                execute(
                        "doctor",
                        "--cluster-name=eu",
                        "--kubeconfig=" + kubeconfig("http://127.0.0.1:9"),
                        "--bootstrap-servers=127.0.0.1:9");

        assertThat(told.code()).isOne();
        assertThat(told.text())
                .contains("wrong   the cluster at http://127.0.0.1:9/ does not answer")
                .contains("unknown the metrics server: none is named")
                .contains("wrong   Kafka at 127.0.0.1:9 cannot be used");
    }

    private record Told(int code, String text) {}

    private Told doctor(String... more) throws Exception {
        return execute(
                Stream.concat(
                                Stream.of(
                                        "doctor",
                                        "--cluster-name=eu",
                                        "--kubeconfig="
                                                + kubeconfig(client.getMasterUrl().toString())),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private static Told execute(String... arguments) {
        var out = new StringWriter();
        var line = new CommandLine(new Main());
        Main.prepare(line);
        line.setOut(new PrintWriter(out, true));
        line.setErr(new PrintWriter(out, true));
        int code = line.execute(arguments);
        return new Told(code, out.toString());
    }

    private Path kubeconfig(String server) throws Exception {
        return Files.writeString(
                directory.resolve("kubeconfig"),
                """
                apiVersion: v1
                kind: Config
                current-context: here
                clusters: [{name: here, cluster: {server: "%s"}}]
                users: [{name: me, user: {token: t}}]
                contexts: [{name: here, context: {cluster: here, user: me}}]
                """
                        .formatted(server));
    }

    private String properties(String account) throws Exception {
        return "--command-config="
                + Files.writeString(
                        directory.resolve(account + ".properties"),
                        ACCOUNTS.client(account).entrySet().stream()
                                .map(each -> each.getKey() + "=" + each.getValue())
                                .collect(Collectors.joining("\n")));
    }

    private static HttpServer metrics() throws Exception {
        var server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext(
                "/api/v1/query",
                exchange -> {
                    exchange.sendResponseHeaders(200, -1);
                    exchange.close();
                });
        server.start();
        return server;
    }
}
