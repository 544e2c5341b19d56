package dev.serinus.bench.process;

import dev.serinus.broker.FreePort;
import dev.serinus.schemas.runtime.KafkaSettings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where Serinus' processes are started: from which jars, with which flags of the JVM, and where
 * their data and logs are.
 */
public final class SerinusProcesses implements TrainingSite, AutoCloseable {

    /** The cluster that everything is about. */
    public static final String CLUSTER = "bench";

    /** The five services. */
    public static final List<String> SERVICES =
            List.of("watcher", "analysis", "router", "webhook", "notifier");

    /** The embedded broker as a process of its own. */
    public static final String BROKER = "broker";

    /** All of Serinus in one JVM. */
    public static final String ALL_IN_ONE = "all-in-one";

    private final Path root;
    private final Path data;
    private final List<String> flags;
    private final AotCaches caches;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();
    private int directories;

    /**
     * @param root of the checkout, in which everything is built
     * @param data a directory that may be filled
     * @param flags of every JVM
     * @param caches what every JVM does with its ahead-of-time cache
     */
    public SerinusProcesses(Path root, Path data, List<String> flags, AotCaches caches) {
        this.root = root.toAbsolutePath().normalize();
        this.data = data.toAbsolutePath();
        this.flags = List.copyOf(flags);
        this.caches = caches;
    }

    /** The same place, whose JVMs start with or without a cache. */
    public SerinusProcesses with(AotCaches other) {
        return new SerinusProcesses(
                root, data.resolve(other.getClass().getSimpleName()), flags, other);
    }

    /** A new broker without any data; ready when it says that it serves. */
    public Broker broker() throws InterruptedException {
        String address = "127.0.0.1:" + FreePort.next();
        Path directory = directory(BROKER);
        var process =
                start(
                        BROKER,
                        List.of(
                                "-jar",
                                jar("deploy/broker/target/embedded-broker.jar"),
                                directory.resolve("kafka").toString(),
                                address.substring(address.indexOf(':') + 1)),
                        Map.of(),
                        directory,
                        () -> says(directory.resolve("broker.log"), address));
        return new Broker(process, KafkaSettings.at(address));
    }

    /** One service with a state of its own; ready when {@code /readyz} says so. */
    @Override
    public JavaProcess service(String name, Broker broker, Path kubeconfig, String metricsServer)
            throws InterruptedException {
        int port = FreePort.next();
        Path directory = directory(name);
        Map<String, String> environment = environment(broker, metricsServer, port);
        environment.put("SERINUS_STATE_DIR", directory.resolve("state").toString());
        // A group of its own, or it would wait for the session of an instance that is gone.
        environment.put("SERINUS_APPLICATION_ID", "serinus-" + directory.getFileName());
        environment.put("KUBECONFIG", kubeconfig.toString());
        String file = "%1$s-service/target/%1$s-service.jar".formatted(name);
        return start(name, List.of("-jar", jar(file)), environment, directory, () -> answers(port));
    }

    /**
     * What a service is told of its surroundings, without any path.
     *
     * @param port of its HTTP server
     */
    public static Map<String, String> environment(Broker broker, String metricsServer, int port) {
        Map<String, String> environment = new HashMap<>();
        environment.put("SERINUS_CLUSTER_NAME", CLUSTER);
        environment.put("SERINUS_MESH_PROVIDER", "gatewayapi:v1");
        environment.put("SERINUS_METRICS_SERVER", metricsServer);
        environment.put("SERINUS_MIN_INTERVAL", "1s");
        environment.put("KAFKA_BOOTSTRAP_SERVERS", broker.address());
        environment.put("MICRONAUT_SERVER_PORT", Integer.toString(port));
        return environment;
    }

    /** The analysis service, which needs no cluster. */
    public JavaProcess analysis(Broker broker) throws InterruptedException {
        return service("analysis", broker, data, "http://127.0.0.1:9");
    }

    /** All five and a broker of their own in one JVM. */
    @Override
    public JavaProcess allInOne(Path kubeconfig, String metricsServer) throws InterruptedException {
        int port = FreePort.next();
        Path directory = directory(ALL_IN_ONE);
        List<String> arguments = new ArrayList<>(flagsOfRun());
        arguments.addAll(
                List.of(
                        "-cp",
                        jar("deploy/cli/target/cli.jar")
                                + ":"
                                + root.resolve("deploy/cli/target/lib")
                                + "/*",
                        "dev.serinus.cli.Main"));
        arguments.addAll(run(kubeconfig, metricsServer, directory, port));
        return start(ALL_IN_ONE, arguments, Map.of(), directory, () -> answers(port));
    }

    /**
     * The same as its users start it: by {@code deploy/serinus run} of the checkout, with the
     * flags, the heap and the cache that it chooses. The command becomes the JVM, so it is that
     * which is measured.
     */
    public JavaProcess allInOneAsShipped(Path kubeconfig, String metricsServer)
            throws InterruptedException {
        int port = FreePort.next();
        Path directory = directory(ALL_IN_ONE);
        List<String> command = new ArrayList<>(List.of(command()));
        command.addAll(run(kubeconfig, metricsServer, directory, port));
        return JavaProcess.start(
                ALL_IN_ONE,
                command,
                Map.of("JAVA_HOME", System.getProperty("java.home")),
                directory,
                () -> answers(port));
    }

    /** Builds what {@link #allInOneAsShipped} starts, if anything is missing or older. */
    public void build() throws InterruptedException {
        try {
            var builder = new ProcessBuilder(command(), "crds");
            builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
            int code =
                    builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start()
                            .waitFor();
            if (code != 0) {
                throw new IllegalStateException(root + " cannot be built");
            }
        } catch (IOException cannot) {
            throw new UncheckedIOException(command() + " cannot be started", cannot);
        }
    }

    private String command() {
        return root.resolve("deploy/serinus").toString();
    }

    private static List<String> run(
            Path kubeconfig, String metricsServer, Path directory, int port) {
        return run(
                kubeconfig.toString(), metricsServer, directory.resolve("data").toString(), port);
    }

    /**
     * The arguments of the all-in-one.
     *
     * @param kubeconfig where it finds it
     * @param data where it keeps its state
     * @param port of its HTTP server
     */
    public static List<String> run(String kubeconfig, String metricsServer, String data, int port) {
        return List.of(
                "run",
                "--cluster-name=" + CLUSTER,
                "--mesh-provider=gatewayapi:v1",
                "--metrics-server=" + metricsServer,
                "--min-interval=1s",
                "--kubeconfig=" + kubeconfig,
                "--data=" + data,
                "--http-port=" + port);
    }

    /** Those of {@code deploy/serinus run}, which the script tells. */
    private static List<String> flagsOfRun() {
        String told = System.getProperty("serinus.jvm", "");
        return told.isBlank() ? List.of() : List.of(told.split(" "));
    }

    private JavaProcess start(
            String name,
            List<String> arguments,
            Map<String, String> environment,
            Path directory,
            JavaProcess.Readiness ready)
            throws InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags);
        command.addAll(caches.flags(name));
        command.addAll(arguments);
        return JavaProcess.start(name, command, environment, directory, ready);
    }

    private String jar(String file) {
        Path jar = root.resolve(file);
        if (!Files.exists(jar)) {
            throw new IllegalStateException(jar + " is not built");
        }
        return jar.toString();
    }

    /** Each start has its own, so that none finds what another left. */
    private synchronized Path directory(String name) {
        directories++;
        return data.resolve("%03d-%s".formatted(directories, name));
    }

    private boolean answers(int port) throws InterruptedException {
        var request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz"))
                        .timeout(Duration.ofSeconds(5))
                        .build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private static boolean says(Path log, String line) {
        try (var lines = Files.lines(log)) {
            return lines.anyMatch(line::equals);
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
