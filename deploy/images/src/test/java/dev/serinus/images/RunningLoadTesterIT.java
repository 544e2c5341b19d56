package dev.serinus.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The load tester's image, built of Debian's packages and Go modules and really run, without
 * privileges and with a root that is read-only: commands go through it as those of hooks do.
 */
@Tag("nightly") // a dozen Go programs are fetched and compiled
class RunningLoadTesterIT {

    private static final Path ROOT = Path.of(System.getProperty("serinus.root")).normalize();
    private static final Pattern PORT =
            Pattern.compile("load tester listens\".*\"port\":\"?([0-9]+)");

    @TempDir
    @SuppressWarnings("NullAway.Init") // the extension sets it
    static Path folder;

    private static Optional<Sandbox> sandbox = Optional.empty();

    @SuppressWarnings("NullAway.Init") // before all tests
    private static URI tester;

    @BeforeAll
    static void start() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/apt-get")),
                "SKIPPED: no Debian, of whose packages the image is made");
        assumeTrue(isThere("go", "version"), "SKIPPED: no Go, in which some programs are built");
        assumeTrue(
                isThere("apt-get", "download", "--print-uris", "libc6"),
                "SKIPPED: no lists of Debian's packages (apt-get update)");
        Sandbox.hindrance().ifPresent(why -> assumeTrue(false, "SKIPPED: " + why));
        Path work = Files.createDirectories(folder.resolve("work"));
        var build = new ImageBuild(new Checkout(ROOT), Base.Debian.own(), work);
        var started =
                new Sandbox(
                        build.build(
                                Product.ALL.getLast(),
                                Platforms.own(),
                                folder.resolve("loadtester.tar")));
        sandbox = Optional.of(started);
        Process container =
                started.start(
                        Path.of("/no/such/file"),
                        Map.of(
                                "MICRONAUT_SERVER_PORT", "0",
                                "MICRONAUT_SERVER_HOST", "127.0.0.1"));
        await().atMost(Duration.ofMinutes(3))
                .untilAsserted(
                        () -> {
                            assertThat(container.isAlive()).as(started.output()).isTrue();
                            assertThat(PORT.matcher(started.output()).find()).isTrue();
                        });
        var port = PORT.matcher(started.output());
        assertThat(port.find()).isTrue();
        tester = URI.create("http://127.0.0.1:" + port.group(1) + "/");
    }

    private static boolean isThere(String... command) {
        try {
            return !Program.in(folder, command).output().isEmpty();
        } catch (dev.serinus.cli.Refused _) {
            return false;
        }
    }

    @AfterAll
    static void stop() throws IOException {
        if (sandbox.isPresent()) {
            sandbox.get().close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "curl --version",
                "jq --version",
                "wrk -v | grep wrk",
                "bats --version",
                "echo a b | awk '{print $2}'",
                "setsid true && find /bin -name bash | sed s/b/c/ | sort | xargs echo",
                "grpcurl -version 2>&1",
                "ghz --version 2>&1 || ghz --help 2>&1",
                "k6 version",
                "helm version",
                "kubectl version --client | grep v1",
                "grpc_health_probe -version",
                "wget --version",
                "grep 'service Health' /tmp/ghz/health.proto",
                "touch /tmp/written && ls -l /tmp",
                "test -s /etc/ssl/certs/ca-certificates.crt && id"
            })
    void aHookCanRun(String command) throws Exception {
        var answer = ask(command);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.body()).isNotBlank();
    }

    @Test
    void aCommandIsNobodyInParticularAndWritesNowhereElse() throws Exception {
        assertThat(ask("id -u").body()).isEqualTo("10001\n");
        assertThat(ask("touch /opt/serinus/x").body()).contains("Read-only file system");
        assertThat(ask("tr '\\0' '\\n' < /proc/1/environ").body()).contains("Permission denied");
    }

    @Test
    void aLoadTestOfHeyIsToldInNumbers() throws Exception {
        var answer = ask("hey -n 200 -c 2 " + tester.resolve("/healthz"));

        assertThat(answer.headers().firstValue("serinus-test-report").orElse(answer.body()))
                .startsWith("exit=0, ")
                .contains("tool=hey, p50-ms=", "p99-ms=", "requests=200, errors=0");
    }

    private static HttpResponse<String> ask(String command) throws Exception {
        String body =
                new ObjectMapper()
                        .writeValueAsString(
                                Map.of(
                                        "name",
                                        "podinfo",
                                        "namespace",
                                        "test",
                                        "metadata",
                                        Map.of(
                                                "type",
                                                "bash",
                                                "cmd",
                                                command,
                                                "returnCmdOutput",
                                                "true")));
        try (var http = HttpClient.newHttpClient()) {
            return http.send(
                    HttpRequest.newBuilder(tester)
                            .POST(HttpRequest.BodyPublishers.ofString(body))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }
}
