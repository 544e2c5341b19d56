package dev.serinus.trials;

import static org.awaitility.Awaitility.await;

import dev.serinus.broker.BrokerProcess;
import dev.serinus.broker.FreePort;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.Provisioning;

import org.apache.kafka.clients.admin.Admin;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * One part of Serinus as a process of its own, which can be killed as the kernel kills, and started
 * again.
 */
final class ServiceProcess implements AutoCloseable {

    /** Ends a start that hangs; four control planes may be starting on the same machine. */
    static final Duration START_UP = Duration.ofMinutes(5);

    private final String name;
    private final List<String> command;
    private final Map<String, String> environment;
    private final Path directory;
    private @Nullable Process process;
    private String url = "";

    private ServiceProcess(
            String name, List<String> command, Map<String, String> environment, Path directory) {
        this.name = name;
        this.command = command;
        this.environment = environment;
        this.directory = directory;
    }

    private static ServiceProcess of(
            String name,
            Path jar,
            List<String> arguments,
            Map<String, String> environment,
            Path directory) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xmx256m"));
        if (jar.toString().endsWith(".jar")) {
            command.addAll(List.of("-jar", jar.toString()));
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), jar.toString()));
        }
        command.addAll(arguments);
        return new ServiceProcess(name, command, environment, directory);
    }

    /**
     * A broker with all topics of a cluster.
     *
     * @param port where it listens, also after a kill
     * @throws IllegalStateException when it ends instead of serving, with the end of its log
     */
    static ServiceProcess broker(Path directory, int port, String cluster) {
        return broker(directory, port, List.of(cluster));
    }

    /** The same with the topics of several clusters. */
    static ServiceProcess broker(Path directory, int port, List<String> clusters) {
        var broker =
                of(
                                "broker",
                                Path.of(BrokerProcess.class.getName()),
                                List.of(
                                        directory.resolve("kafka").toString(),
                                        Integer.toString(port)),
                                Map.of(),
                                directory)
                        .start();
        try {
            await("topics of the broker")
                    .atMost(START_UP)
                    .ignoreExceptions()
                    .until(() -> !broker.runs() || provisioned(port, clusters));
        } catch (ConditionTimeoutException late) {
            throw broker.didNotServe(late);
        }
        if (!broker.runs()) {
            throw broker.didNotServe(null);
        }
        return broker;
    }

    /**
     * A service from its jar, at work on a cluster.
     *
     * @param name as its module begins: {@code analysis}, {@code watcher} …
     * @param brokerPort where the broker of {@link #broker} listens
     * @throws IllegalStateException when it ends instead of serving, with the end of its log
     */
    static ServiceProcess service(
            String name, String cluster, TestEnvironment on, int brokerPort, Path directory) {
        Path root = Path.of(System.getProperty("serinus.root"));
        return service(name, cluster, on, brokerPort, directory, root, Map.of());
    }

    /**
     * The same of what was built in another checkout.
     *
     * @param root of that checkout
     * @param more variables of the service
     */
    static ServiceProcess service(
            String name,
            String cluster,
            TestEnvironment on,
            int brokerPort,
            Path directory,
            Path root,
            Map<String, String> more) {
        int port = FreePort.next();
        Map<String, String> environment = new HashMap<>();
        environment.put("SERINUS_CLUSTER_NAME", cluster);
        environment.put("SERINUS_MESH_PROVIDER", "gatewayapi:v1");
        environment.put("SERINUS_METRICS_SERVER", on.metricsServer());
        environment.put("SERINUS_MIN_INTERVAL", "1s");
        environment.put("SERINUS_STATE_DIR", directory.resolve("state").toString());
        environment.put("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:" + brokerPort);
        environment.put("KUBECONFIG", on.kubeconfig(directory, name).toString());
        environment.put("MICRONAUT_SERVER_PORT", Integer.toString(port));
        environment.putAll(more);
        Path jar =
                root.resolve(name + "-service/target/" + name + "-service.jar")
                        .toAbsolutePath()
                        .normalize();
        return of(name, jar, List.of(), environment, directory).start().awaitReady(port);
    }

    /** A registry of schemas that speaks the Confluent API, on this port. */
    static ServiceProcess registry(Path directory, int port) {
        Path jar =
                Path.of(System.getProperty("serinus.root"))
                        .resolve("analysis-service/target/registry/quarkus-run.jar")
                        .toAbsolutePath()
                        .normalize();
        var environment =
                Map.of(
                        "QUARKUS_HTTP_HOST", "127.0.0.1",
                        "QUARKUS_HTTP_PORT", Integer.toString(port),
                        "QUARKUS_MANAGEMENT_HOST", "127.0.0.1",
                        "QUARKUS_MANAGEMENT_PORT", "0",
                        "APICURIO_DATASOURCE_URL", "jdbc:h2:file:" + directory.resolve("registry"));
        return of("registry", jar, List.of(), environment, directory)
                .start()
                .awaitAnswer(port, "/apis/ccompat/v7/subjects");
    }

    private static boolean provisioned(int port, List<String> clusters)
            throws InterruptedException {
        var kafka = KafkaSettings.at("127.0.0.1:" + port);
        try (Admin admin = Admin.create(kafka.with(Map.of()))) {
            Provisioning.ensureTopics(admin, clusters, 3, (short) 1);
            return true;
        }
    }

    /**
     * Returns once the service says that it does its work, on its port.
     *
     * @throws IllegalStateException when it ends instead, or never says so, with the end of its log
     */
    private ServiceProcess awaitReady(int port) {
        return awaitAnswer(port, "/readyz");
    }

    private ServiceProcess awaitAnswer(int port, String path) {
        var asked = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build();
        try (var http = HttpClient.newHttpClient()) {
            await(name + " is ready")
                    .atMost(START_UP)
                    .ignoreExceptionsInstanceOf(IOException.class)
                    .until(
                            () ->
                                    !runs()
                                            || http.send(asked, BodyHandlers.discarding())
                                                            .statusCode()
                                                    == 200);
        } catch (ConditionTimeoutException late) {
            throw didNotServe(late);
        }
        if (!runs()) {
            throw didNotServe(null);
        }
        url = "http://127.0.0.1:" + port;
        return this;
    }

    /** Where a service has its metrics. */
    String url() {
        return url;
    }

    private IllegalStateException didNotServe(@Nullable Exception because) {
        close();
        return new IllegalStateException(
                "%s %s; the end of %s:%n%s"
                        .formatted(
                                name,
                                because == null ? "ended" : "was not ready in time",
                                log(),
                                endOfLog()),
                because);
    }

    private String endOfLog() {
        try {
            List<String> lines = Files.readAllLines(log());
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 40), lines.size()));
        } catch (IOException unreadable) {
            return unreadable.toString();
        }
    }

    String name() {
        return name;
    }

    Path log() {
        return directory.resolve(name + ".log");
    }

    ServiceProcess start() {
        try {
            Files.createDirectories(directory);
            var builder = new ProcessBuilder(command).directory(directory.toFile());
            builder.environment().putAll(environment);
            builder.redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
            process = builder.start();
            return this;
        } catch (IOException cannot) {
            throw new UncheckedIOException(name + " cannot be started", cannot);
        }
    }

    /** kill -9: nothing is closed, nothing is said. */
    void kill() throws InterruptedException {
        Process running = Objects.requireNonNull(process, "not started");
        running.destroyForcibly();
        running.waitFor();
    }

    /** Asks it to end, as a kubelet does; true when it did within the time that pods have. */
    boolean stop() throws InterruptedException {
        Process running = Objects.requireNonNull(process, "not started");
        running.destroy();
        return running.waitFor(30, TimeUnit.SECONDS);
    }

    boolean runs() {
        return process != null && process.isAlive();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
