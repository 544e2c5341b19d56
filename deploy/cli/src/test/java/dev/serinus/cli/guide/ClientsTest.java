package dev.serinus.cli.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.analysis.access.AccessConfig;
import dev.serinus.analysis.action.ActionDesk;
import dev.serinus.analysis.api.ReadApi;
import dev.serinus.analysis.fleet.FleetView;
import dev.serinus.broker.FreePort;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.shell.ServiceHealth;
import dev.serinus.schemas.topic.CanaryKey;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The guide's clients follow the real stream, and go on where they were when it breaks off. */
@Timeout(90)
class ClientsTest {

    private static final CanaryKey CART = new CanaryKey("west", "shop", "cart");
    private static final CanaryKey TILL = new CanaryKey("west", "shop", "till");
    private static final CanaryKey BLOG = new CanaryKey("east", "blog", "web");

    @TempDir Path folder;

    private final FleetView fleet = new FleetView(10);
    private @Nullable ReadApi api;
    private final List<Client> clients = new ArrayList<>();

    private record Client(String file, Process process, BufferedReader told, Path errors) {}

    @AfterEach
    void end() {
        clients.forEach(client -> client.process().destroyForcibly());
        close();
    }

    @Test
    void clientsAreToldAllAndThenOnlyWhatChangedAlsoWhenTheServerWasAway() throws Exception {
        fleet.state(CART, state(CART, "Progressing", 20, 1));
        fleet.state(TILL, state(TILL, "Succeeded", 0, 1));
        int port = serve(FreePort.next()); // the same again after a while, so none of the system's
        List<String> missing = new ArrayList<>();
        for (String command : List.of("python3 follow.py", "java Follow.java", "node follow.mjs")) {
            List<String> words = List.of(command.split(" ", -1));
            String program = program(words.getFirst());
            if (isThere(program)) {
                clients.add(start(program, words.getLast(), port, Map.of()));
            } else {
                missing.add(program);
            }
        }

        for (var client : clients) {
            assertThat(next(client)).contains("shop").contains("cart").contains("Progressing");
            if (!client.file().endsWith(".java")) { // it prints a list in one line
                assertThat(next(client)).contains("till");
            }
        }
        fleet.state(CART, state(CART, "Promoting", 50, 2));
        for (var client : clients) {
            assertThat(next(client)).contains("cart").contains("Promoting").contains("50");
        }

        close();
        // The library's server goes on to close its port after it said that it has stopped.
        await().until(() -> FreePort.isFree(port));
        fleet.state(BLOG, state(BLOG, "Failed", 0, 1));
        assertThat(serve(port)).isEqualTo(port);
        for (var client : clients) {
            assertThat(next(client)).contains("web").contains("Failed").doesNotContain("cart");
        }
        fleet.state(TILL, null);
        for (var client : clients) {
            assertThat(next(client)).contains("gone").contains("till");
        }
        assumeTrue(missing.isEmpty(), "not tried, as they are not here: " + missing);
    }

    /**
     * As where a machine is gone, or a firewall forgot the connection: nobody says that it ended.
     */
    @Test
    void aConnectionThatIsSilentIsGivenUpForAnother() throws Exception {
        for (String command : List.of("python3 follow.py", "java Follow.java", "node follow.mjs")) {
            List<String> words = List.of(command.split(" ", -1));
            String program = program(words.getFirst());
            if (!isThere(program)) {
                continue;
            }
            try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
                var client =
                        start(
                                program,
                                words.getLast(),
                                silent.getLocalPort(),
                                Map.of("SERINUS_SILENCE_SECONDS", "3"));
                silent.setSoTimeout(60_000);
                try {
                    // One that was given up before it began does not count.
                    for (int begun = 0; begun < 2; ) {
                        begun += begins(silent.accept()) ? 1 : 0;
                    }
                } finally {
                    client.process().destroyForcibly();
                }
            }
        }
    }

    /**
     * In JavaScript it is of the same type as a lost connection, after which all would come again.
     */
    @Test
    void aMistakeOfWhoIsToldIsNoLostConnection() throws Exception {
        String node = program("node");
        assumeTrue(isThere(node));
        try (var server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var client = start(node, "follow.mjs", server.getLocalPort(), Map.of());
            server.setSoTimeout(60_000);
            try (var connection = server.accept()) {
                assertThat(begins(connection)).isTrue();
                connection
                        .getOutputStream()
                        .write("event: rollouts\ndata: [null]\n\n".getBytes(UTF_8));
                assertThat(client.process().waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(client.process().exitValue()).isNotZero();
            } finally {
                client.process().destroyForcibly();
            }
        }
    }

    /** A stream that begins and stays silent; its connection is left open. */
    private static boolean begins(Socket connection) {
        try {
            var request =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), UTF_8));
            assertThat(request.readLine()).startsWith("GET /api/v1/stream ");
            connection
                    .getOutputStream()
                    .write(
                            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\n"
                                    .getBytes(UTF_8));
            return true;
        } catch (IOException givenUp) {
            return false;
        }
    }

    private int serve(int port) {
        var desk =
                new ActionDesk(fleet, (_, _) -> {}, InstantSource.system(), Duration.ofSeconds(5));
        var served =
                ReadApi.serve(
                        new Well(),
                        fleet,
                        desk,
                        AccessConfig.NONE,
                        new PrometheusMeterRegistry(PrometheusConfig.DEFAULT),
                        "127.0.0.1",
                        port);
        api = served;
        return served.port();
    }

    private void close() {
        if (api != null) {
            api.close();
            api = null;
        }
    }

    private static String program(String name) {
        return name.equals("java")
                ? Path.of(System.getProperty("java.home"), "bin", "java").toString()
                : name;
    }

    private Client start(String program, String file, int port, Map<String, String> environment)
            throws IOException {
        Path errors = folder.resolve(file + ".errors");
        var builder =
                new ProcessBuilder(
                                program,
                                Guide.FOLDER.resolve("clients").resolve(file).toString(),
                                "http://127.0.0.1:" + port)
                        .directory(folder.toFile())
                        .redirectError(errors.toFile());
        builder.environment().putAll(environment);
        var process = builder.start();
        return new Client(
                file,
                process,
                new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)),
                errors);
    }

    private static boolean isThere(String program) {
        return Stream.of(("/:" + System.getenv("PATH")).split(File.pathSeparator, -1))
                .anyMatch(each -> Files.isExecutable(Path.of(each, program)));
    }

    /** The next line that is about a rollout. */
    private static String next(Client client) throws IOException {
        String line = client.told().readLine();
        while (line != null && line.endsWith(" {}")) { // that a list begins or ends
            line = client.told().readLine();
        }
        assertThat(line).as("%s: %s", client.file(), Files.readString(client.errors())).isNotNull();
        return String.valueOf(line);
    }

    private static RolloutState state(CanaryKey canary, String phase, int weight, long sequence) {
        return RolloutState.newBuilder()
                .setCanary(canary.toString())
                .setUid("uid-1")
                .setRun(1)
                .setPhase(phase)
                .setRevision("b")
                .setPromotedRevision("a")
                .setCanaryWeight(weight)
                .setIterations(0)
                .setFailedChecks(0)
                .setStep(sequence)
                .setSequence(sequence)
                .setWaitingFor("")
                .setProvider("istio")
                .setHeld(false)
                .setPossibleActions(List.of())
                .setUpdatedAt(Instant.parse("2026-11-22T10:00:00Z"))
                .build();
    }

    private record Well() implements ServiceHealth {
        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public boolean alive() {
            return true;
        }

        @Override
        public String missing() {
            return "";
        }
    }
}
