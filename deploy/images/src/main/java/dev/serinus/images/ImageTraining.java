package dev.serinus.images;

import dev.serinus.bench.TrainingRollouts;
import dev.serinus.bench.process.AotCaches;
import dev.serinus.bench.process.Broker;
import dev.serinus.bench.process.SerinusProcesses;
import dev.serinus.bench.process.TrainedProcess;
import dev.serinus.bench.process.TrainingSite;
import dev.serinus.broker.FreePort;
import dev.serinus.cli.Refused;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Trains the JVMs of images: each is unpacked and run as a pod runs it, takes part in one rollout,
 * and writes as it ends the ahead-of-time cache that fits its own jars, at their place and of their
 * date.
 */
final class ImageTraining implements TrainingSite, AutoCloseable {

    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(50);
    private static final List<String> FLAGS_OF_THE_BROKER = List.of("-XX:+UseSerialGC");
    private static final String SERVICE = "serinus-";

    private final Images images;
    private final Path root;
    private final Path work;
    private final Consumer<String> progress;
    private final Map<Product, Path> caches = new HashMap<>();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(1)).build();

    /** Images without caches. */
    @FunctionalInterface
    interface Images {
        OciArchive of(Product product) throws IOException;
    }

    /**
     * @param root of the checkout, whose broker the services are trained with
     * @param work a folder that may be filled, and is kept until the caches were used
     * @param progress is told in a few words what is done next
     */
    ImageTraining(Images images, Path root, Path work, Consumer<String> progress) {
        this.images = images;
        this.root = root;
        this.work = work;
        this.progress = progress;
    }

    /** The load tester is started seldom, and runs programs that are no JVMs. */
    static boolean isTrained(Product product) {
        return product.programs() == null;
    }

    /**
     * The caches of these and, since a rollout takes all services, of their companions.
     *
     * @throws Refused if the rollout does not end as it should
     */
    Map<Product, Path> run(Set<Product> wanted) throws IOException {
        var rollouts = new TrainingRollouts(folder("cluster"), progress);
        try {
            if (wanted.stream().anyMatch(each -> isTrained(each) && !each.command())) {
                try (var site =
                                new SerinusProcesses(
                                        root,
                                        folder("broker"),
                                        FLAGS_OF_THE_BROKER,
                                        AotCaches.unused());
                        Broker broker = site.broker()) {
                    rollouts.withServices(this, broker);
                }
            }
            if (wanted.stream().anyMatch(each -> isTrained(each) && each.command())) {
                rollouts.withAllInOne(this);
            }
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Refused(List.of("interrupted"));
        } catch (IllegalStateException | UncheckedIOException failed) {
            throw new Refused(List.of("--aot: the training failed: " + failed.getMessage()));
        }
        return Map.copyOf(caches);
    }

    @Override
    public TrainedProcess service(String name, Broker broker, Path kubeconfig, String metricsServer)
            throws InterruptedException {
        int port = FreePort.next();
        Map<String, String> environment = SerinusProcesses.environment(broker, metricsServer, port);
        environment.put("SERINUS_STATE_DIR", Sandbox.STATE);
        environment.put("KUBECONFIG", Sandbox.GIVEN);
        return start(product(SERVICE + name), kubeconfig, environment, List.of(), port);
    }

    @Override
    public TrainedProcess allInOne(Path kubeconfig, String metricsServer)
            throws InterruptedException {
        int port = FreePort.next();
        List<String> arguments =
                SerinusProcesses.run(Sandbox.GIVEN, metricsServer, Sandbox.STATE, port);
        return start(Product.ALL.getFirst(), kubeconfig, Map.of(), arguments, port);
    }

    private static Product product(String name) {
        return Product.ALL.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("there is no image " + name));
    }

    private TrainedProcess start(
            Product product,
            Path kubeconfig,
            Map<String, String> environment,
            List<String> arguments,
            int port)
            throws InterruptedException {
        try {
            var sandbox = new Sandbox(images.of(product));
            var trainee =
                    new Trainee(
                            product.name(),
                            sandbox,
                            sandbox.train(product.aotCache(), kubeconfig, environment, arguments),
                            folder("caches").resolve(product.name() + ".aot"));
            trainee.awaitReady(port);
            caches.put(product, trainee.cache());
            return trainee;
        } catch (IOException cannot) {
            throw new UncheckedIOException(product.name() + " cannot be trained", cannot);
        }
    }

    private Path folder(String name) throws IOException {
        return Files.createDirectories(work.resolve(name));
    }

    @Override
    public void close() {
        http.close();
    }

    /** One container, and where the cache that it writes is on this machine. */
    private final class Trainee implements TrainedProcess {

        private final String name;
        private final Sandbox sandbox;
        private final Process process;
        private final Path cache;

        Trainee(String name, Sandbox sandbox, Process process, Path cache) {
            this.name = name;
            this.sandbox = sandbox;
            this.process = process;
            this.cache = cache;
        }

        Path cache() {
            return cache;
        }

        void awaitReady(int port) throws InterruptedException {
            var request =
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/readyz"))
                            .timeout(Duration.ofSeconds(5))
                            .build();
            long end = System.nanoTime() + START.toNanos();
            while (!isReady(request)) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    String said = sandbox.output();
                    close();
                    throw new IllegalStateException(
                            "%s did not become ready:%n%s".formatted(name, said));
                }
                Thread.sleep(BETWEEN_QUESTIONS);
            }
        }

        private boolean isReady(HttpRequest request) throws InterruptedException {
            try {
                return http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode()
                        == 200;
            } catch (IOException notYet) {
                return false;
            }
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void end(Duration patience) throws InterruptedException {
            sandbox.stop(process, patience);
            Path written = sandbox.trained(String.valueOf(cache.getFileName()));
            if (!Files.isRegularFile(written)) {
                throw new IllegalStateException(
                        "%s ended and left no cache:%n%s".formatted(name, sandbox.output()));
            }
            try {
                Files.copy(written, cache, StandardCopyOption.REPLACE_EXISTING);
            } catch (IOException cannot) {
                throw new UncheckedIOException("the cache of " + name + " is lost", cannot);
            }
        }

        @Override
        public void close() {
            try {
                sandbox.close();
            } catch (IOException cannot) {
                throw new UncheckedIOException("the files of " + name + " stay", cannot);
            }
        }
    }
}
