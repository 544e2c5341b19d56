package dev.serinus.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.util.Objects.requireNonNull;

import dev.serinus.bench.cluster.Cluster;
import dev.serinus.bench.process.AotCaches;
import dev.serinus.bench.process.Broker;
import dev.serinus.bench.process.MeteredProcess;
import dev.serinus.bench.process.SerinusProcesses;
import dev.serinus.broker.FreePort;
import dev.serinus.schemas.shell.Version;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Images with ahead-of-time caches: trained, built, and really run so that a JVM which cannot use
 * its cache does not start. What starts cost is printed.
 */
@Tag("nightly")
class CachedImageIT {

    private static final Path NOTHING = Path.of("/no/such/file");
    private static final Map<String, String> REQUIRED = Map.of("_JAVA_OPTIONS", "-XX:AOTMode=on");

    @TempDir
    @SuppressWarnings("NullAway.Init") // the extension sets it
    static Path folder;

    @SuppressWarnings("NullAway.Init") // before all tests
    private static ImageBuild build;

    private static final List<Pair> PAIRS = new ArrayList<>();

    /** The image of a product without and with its cache. */
    private record Pair(Product product, OciArchive without, OciArchive with) {}

    @BeforeAll
    static void train() throws IOException {
        RunningImageIT.assumeThatImagesRun(folder);
        Path work = Files.createDirectories(folder.resolve("work"));
        build = new ImageBuild(new Checkout(RunningImageIT.ROOT), Base.Debian.own(), work);
        List<Product> trained = Product.ALL.stream().filter(ImageTraining::isTrained).toList();
        Map<Product, OciArchive> untrained = new HashMap<>();
        for (Product product : trained) {
            Path file = folder.resolve(product.name() + "-without.tar");
            untrained.put(product, build.build(product, Platforms.own(), file));
        }
        try (var training =
                new ImageTraining(
                        product -> requireNonNull(untrained.get(product)),
                        RunningImageIT.ROOT,
                        Files.createDirectories(folder.resolve("training")),
                        CachedImageIT::print)) {
            Map<Product, Path> caches = training.run(Set.copyOf(trained));
            assertThat(caches).containsOnlyKeys(trained);
            for (Product product : trained) {
                PAIRS.add(
                        new Pair(
                                product,
                                requireNonNull(untrained.get(product)),
                                build.build(
                                        product,
                                        Platforms.own(),
                                        requireNonNull(caches.get(product)),
                                        folder.resolve(product.name() + ".tar"))));
            }
        }
    }

    private static void print(String line) {
        System.out.println(line);
    }

    @Test
    void theOtherLayersAreThoseOfAnImageWithoutACache() {
        for (Pair pair : PAIRS) {
            var below = pair.without().layers();
            var layers = pair.with().layers();
            assertThat(layers).as(pair.product().name()).hasSize(below.size() + 1);
            assertThat(layers.subList(0, below.size())).as(pair.product().name()).isEqualTo(below);
            System.out.printf(
                    "%s: %.0f MB more, compressed%n",
                    pair.product().name(), layers.getLast().bytes() / 1e6);
        }
    }

    /** The files of the image are mounted read-only, the cache among them. */
    @Test
    void eachBecomesReadyWithItsCacheAndOnlyWithIt() throws Exception {
        try (var cluster = new Cluster();
                var site =
                        new SerinusProcesses(
                                RunningImageIT.ROOT,
                                folder.resolve("broker"),
                                List.of("-XX:+UseSerialGC"),
                                AotCaches.unused());
                Broker broker = site.broker()) {
            broker.provision(SerinusProcesses.CLUSTER);
            for (Pair pair : PAIRS) {
                var product = pair.product();
                becomesReady(product, pair.without(), Map.of(), "without", cluster, broker);
                becomesReady(product, pair.with(), REQUIRED, "with", cluster, broker);
            }
        }
    }

    @Test
    void aCacheThatDoesNotFitIsPassedOverUnlessItIsRequired() throws Exception {
        Pair router =
                PAIRS.stream()
                        .filter(each -> each.product().name().equals("serinus-router"))
                        .findFirst()
                        .orElseThrow();
        for (Map<String, String> environment : List.of(Map.<String, String>of(), REQUIRED)) {
            try (var sandbox = new Sandbox(router.with())) {
                Files.setLastModifiedTime(
                        sandbox.root().resolve("opt/serinus/app/router-service.jar"),
                        FileTime.from(Instant.parse("2031-01-01T00:00:00Z")));

                int code = sandbox.exit(sandbox.start(NOTHING, environment, "--version"));

                if (environment.isEmpty()) {
                    assertThat(sandbox.output()).contains(Version.current().line());
                    assertThat(code).isZero();
                } else {
                    assertThat(code).as(sandbox.output()).isNotZero();
                }
            }
        }
    }

    private static void becomesReady(
            Product product,
            OciArchive image,
            Map<String, String> options,
            String which,
            Cluster cluster,
            Broker broker)
            throws Exception {
        int port = FreePort.next();
        Path kubeconfig = cluster.kubeconfig(folder.resolve("cluster"));
        Map<String, String> environment = new HashMap<>(options);
        List<String> arguments = List.of();
        if (product.command()) {
            arguments =
                    SerinusProcesses.run(
                            Sandbox.GIVEN, cluster.metricsServer(), Sandbox.STATE, port);
        } else {
            environment.putAll(SerinusProcesses.environment(broker, cluster.metricsServer(), port));
            environment.put("SERINUS_STATE_DIR", Sandbox.STATE);
            environment.put("KUBECONFIG", Sandbox.GIVEN);
            // A group of its own, or it would wait for the session of the one before.
            environment.put("SERINUS_APPLICATION_ID", "serinus-" + port);
        }
        try (var sandbox = new Sandbox(image);
                var http = HttpClient.newHttpClient()) {
            long began = System.nanoTime();
            Process container =
                    sandbox.start(kubeconfig, environment, arguments.toArray(String[]::new));
            await().atMost(Duration.ofMinutes(5))
                    .pollInterval(Duration.ofMillis(20))
                    .ignoreException(ConnectException.class)
                    .untilAsserted(
                            () -> {
                                assertThat(container.isAlive()).as(sandbox.output()).isTrue();
                                assertThat(ready(http, port)).isEqualTo(200);
                            });
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            long pid = container.descendants().reduce((_, last) -> last).orElseThrow().pid();
            Duration cpu = MeteredProcess.process(product.name(), pid).cpu();
            System.out.printf(
                    "%s %s: ready after %.1f s, %.1f s of processor time%n",
                    product.name(), which, took.toMillis() / 1e3, cpu.toMillis() / 1e3);

            sandbox.stop(container);

            assertThat(sandbox.output()).doesNotContain("Read-only");
        }
    }

    private static int ready(HttpClient http, int port) throws Exception {
        var uri = URI.create("http://127.0.0.1:%d/readyz".formatted(port));
        return http.send(
                        HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(5)).build(),
                        HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
