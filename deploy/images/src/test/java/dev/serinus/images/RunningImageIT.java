package dev.serinus.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.serinus.broker.FreePort;
import dev.serinus.cli.Refused;
import dev.serinus.schemas.shell.Version;
import dev.serinus.testbed.User;
import dev.serinus.testbed.junit.OnTestBed;
import dev.serinus.testbed.junit.TestBed;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** The images, built of Debian's packages and really run, without privileges. */
@Tag("long")
@OnTestBed
class RunningImageIT {

    static final Path ROOT = Path.of(System.getProperty("serinus.root")).normalize();
    private static final Path NOTHING = Path.of("/no/such/file");
    private static final int ENDED_BY_SIGTERM = 128 + 15;

    @TempDir
    @SuppressWarnings("NullAway.Init") // the extension sets it
    static Path folder;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static ImageBuild build;

    @BeforeAll
    static void prepare() throws IOException {
        assumeThatImagesRun(folder);
        build = build("work");
    }

    /** Skips the tests where images of Debian's packages cannot be made or run. */
    static void assumeThatImagesRun(Path folder) {
        assumeTrue(
                Files.isExecutable(Path.of("/usr/bin/apt-get")),
                "SKIPPED: no Debian, of whose packages the base is made");
        assumeTrue(
                knowsPackages(folder), "SKIPPED: no lists of Debian's packages (apt-get update)");
        Sandbox.hindrance().ifPresent(why -> assumeTrue(false, "SKIPPED: " + why));
    }

    private static boolean knowsPackages(Path folder) {
        try {
            return Program.in(folder, "apt-get", "download", "--print-uris", "libc6")
                    .output()
                    .contains("libc6");
        } catch (Refused _) {
            return false;
        }
    }

    private static ImageBuild build(String name) throws IOException {
        Path work = Files.createDirectories(folder.resolve(name));
        return new ImageBuild(new Checkout(ROOT), Base.Debian.own(), work);
    }

    private static OciArchive image(Product product) throws IOException {
        return build.build(product, Platforms.own(), folder.resolve(product.name() + ".tar"));
    }

    /** But the load tester's, whose Go programs take minutes: {@link RunningLoadTesterIT}. */
    static List<Product> products() {
        return Product.ALL.stream().filter(product -> product.programs() == null).toList();
    }

    @ParameterizedTest
    @MethodSource("products")
    void everyImageStartsAndSaysWhatItIs(Product product) throws Exception {
        try (var sandbox = new Sandbox(image(product))) {
            // It does not start so where the JDK's own classes cannot be shared.
            var options = Map.of("_JAVA_OPTIONS", "-Xshare:on");

            int code = sandbox.exit(sandbox.start(NOTHING, options, "--version"));

            assertThat(sandbox.output().strip()).endsWith("\n" + Version.current().line());
            assertThat(code).isZero();
        }
    }

    @Test
    void allInOneBecomesReadyOnAReadOnlyRootAndEndsWhenItIsTold(TestBed bed) throws Exception {
        int port = FreePort.next();
        try (var sandbox = new Sandbox(image(Product.ALL.getFirst()));
                var http = HttpClient.newHttpClient()) {
            Process container =
                    sandbox.start(
                            bed.kubeconfig(User.SERINUS),
                            Map.of(),
                            "run",
                            "--kubeconfig=/tmp/given",
                            "--http-host=127.0.0.1",
                            "--http-port=" + port,
                            "--data=/var/lib/serinus",
                            "--log-format=json",
                            "--metrics-server=http://127.0.0.1:1",
                            "--mesh-provider=kubernetes");
            await().atMost(Duration.ofMinutes(3))
                    .ignoreException(ConnectException.class)
                    .untilAsserted(
                            () -> {
                                assertThat(container.isAlive()).as(sandbox.output()).isTrue();
                                assertThat(status(http, port, "/readyz")).isEqualTo(200);
                            });
            assertThat(status(http, port, "/healthz")).isEqualTo(200);

            int code = sandbox.stop(container);

            assertThat(code).as(sandbox.output()).isEqualTo(ENDED_BY_SIGTERM);
            assertThat(sandbox.output()).contains("\"stopped\"").doesNotContain("Read-only");
        }
    }

    @Test
    void anotherBuildOfTheSameCommitGivesTheSameDigests() throws IOException {
        ImageBuild again = build("work-again");
        for (Product product : List.of(products().getFirst(), products().getLast())) {
            OciArchive second = again.build(product, Platforms.own(), folder.resolve("again.tar"));

            OciArchive first = image(product);
            assertThat(second.layers()).isEqualTo(first.layers());
            assertThat(second.digest()).isEqualTo(first.digest());
        }
    }

    private static int status(HttpClient http, int port, String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:%d%s".formatted(port, path));
        return http.send(
                        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
