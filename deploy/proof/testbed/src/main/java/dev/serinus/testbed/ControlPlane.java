package dev.serinus.testbed;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.shell.ErrorCauses;
import dev.serinus.testbed.binaries.Binaries;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/**
 * A real Kubernetes control plane in a directory of its own, for this machine only. It outlives the
 * JVM that started it, but for {@link #untilThisJvmEnds}.
 */
public final class ControlPlane {

    /** How one of its processes is. */
    public record State(String part, Optional<Long> pid, boolean healthy) {}

    /** As what a server on loopback may show itself, with the certificate of its issuer. */
    public record Identity(Path certificate, Path key) {}

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration GENTLE = Duration.ofSeconds(5);

    private final ControlPlaneDirectory place;
    private final ControlPlaneProcesses parts;
    private final Credentials credentials;
    private @Nullable ProcessReaper reaper;

    private ControlPlane(ControlPlaneDirectory place, ControlPlaneProcesses parts) {
        this.place = place;
        this.parts = parts;
        this.credentials = Credentials.in(place);
    }

    /**
     * Starts what does not run yet and returns once all of it works, with its definitions and
     * accounts. Doing it again changes nothing more.
     *
     * @param directory holds its data, logs and kubeconfigs; a control plane that was started there
     *     before goes on with its data, at its port
     * @param port of a new one; it and the five after it are taken
     * @throws Unavailable with a reason for people
     */
    public static ControlPlane up(
            Binaries binaries, Path directory, int port, Definitions definitions) {
        return up(
                binaries,
                ControlPlaneDirectory.in(directory)
                        .orElseGet(() -> new ControlPlaneDirectory(directory, port)),
                definitions);
    }

    private static ControlPlane up(
            Binaries binaries, ControlPlaneDirectory place, Definitions definitions) {
        var parts = ControlPlaneProcesses.of(place, binaries);
        if (parts.all().stream().allMatch(part -> part.running().isEmpty())
                && !Ports.areFree(place.port())) {
            throw new Unavailable(place.portsTaken()); // before the port is remembered
        }
        place.prepare();
        var plane = new ControlPlane(place, parts);
        try {
            plane.start(definitions.read(binaries));
            return plane;
        } catch (RuntimeException trouble) {
            plane.down();
            throw trouble;
        }
    }

    /**
     * Starts a new one on free ports, which ends with this JVM, even when that is killed.
     *
     * @param directory an empty one
     */
    public static ControlPlane untilThisJvmEnds(
            Binaries binaries, Path directory, Definitions definitions) {
        int port = Ports.free();
        try {
            return up(binaries, new ControlPlaneDirectory(directory, port), definitions).reaped();
        } catch (Unavailable trouble) {
            if (Ports.areFree(port)) {
                throw trouble;
            }
            // Somebody took one of them after they were looked at.
            return up(binaries, new ControlPlaneDirectory(directory, Ports.free()), definitions)
                    .reaped();
        }
    }

    /** The API server's own, which an admission webhook beside it may use too. */
    public Identity identity() {
        return new Identity(place.certificate(), place.pki().resolve("apiserver.key"));
    }

    /** The one that was started in this directory before, whether it runs or not. */
    public static Optional<ControlPlane> in(Path directory) {
        return ControlPlaneDirectory.in(directory)
                .map(
                        place ->
                                new ControlPlane(
                                        place,
                                        ControlPlaneProcesses.of(
                                                place, new Binaries(Binaries.place()))));
    }

    private void start(List<GenericKubernetesResource> definitions) {
        writeSettings();
        parts.etcd().start();
        parts.apiServer().start();
        await("the API server", () -> isHealthy(parts.apiServer()));
        credentials.writeKubeconfigs();
        parts.controllers().start();
        parts.scheduler().start();
        parts.kwok().start();
        try (var admin = client(User.ADMIN)) {
            var furnishing = new ClusterContents(admin);
            furnishing.node();
            furnishing.definitions(definitions);
            furnishing.rights();
            await("the cluster", () -> parts.all().stream().allMatch(this::isHealthy));
            await("definitions and node", furnishing::isComplete);
        } catch (KubernetesClientException refused) {
            throw new Unavailable("the API server refuses its own set-up: " + refused.getMessage());
        }
    }

    private void writeSettings() {
        String users =
                User.services()
                        .map(user -> '"' + user.username() + '"')
                        .collect(Collectors.joining(", "));
        try {
            Files.writeString(
                    place.auditPolicy(), resource("audit-policy.yaml").replace("USERS", users));
            Files.writeString(place.stages(), resource("kwok-stages.yaml"));
        } catch (IOException trouble) {
            throw new Unavailable(
                    "cannot write to %s: %s"
                            .formatted(place.directory(), ErrorCauses.ofFile(trouble)));
        }
    }

    private static String resource(String name) throws IOException {
        try (var in = ControlPlane.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not among the resources of this jar");
            }
            return new String(in.readAllBytes(), UTF_8);
        }
    }

    private void await(String what, BooleanSupplier there) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!there.getAsBoolean()) {
            for (ControlPlaneProcess part : parts.all()) {
                if (Files.exists(place.pidFile(part.name())) && part.running().isEmpty()) {
                    throw new Unavailable(
                            "%s ended: %s (all of it is in %s)"
                                    .formatted(part.name(), part.lastWords(), part.log()));
                }
            }
            if (System.nanoTime() > end) {
                throw new Unavailable(
                        "%s did not come up within %d s; logs are in %s"
                                .formatted(what, PATIENCE.toSeconds(), place.log("*")));
            }
            try {
                Thread.sleep(200);
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                throw new Unavailable("interrupted while waiting for " + what);
            }
        }
    }

    private boolean isHealthy(ControlPlaneProcess part) {
        String token = part == parts.apiServer() ? credentials.token(User.ADMIN) : "";
        return Health.isGood(part.health(), place, token);
    }

    /** How each of its processes is. */
    public List<State> states() {
        return parts.all().stream()
                .map(
                        part -> {
                            var running = part.running();
                            return new State(
                                    part.name(),
                                    running.map(ProcessHandle::pid),
                                    running.isPresent() && isHealthy(part));
                        })
                .toList();
    }

    /** Where its data, logs and kubeconfigs are. */
    public Path directory() {
        return place.directory();
    }

    /** The API server's address. */
    public String server() {
        return place.server();
    }

    /** What the services asked, one JSON object a line; a watch is in it when it ends. */
    public Path auditLog() {
        return place.auditLog();
    }

    /** A user's kubeconfig. */
    public Path kubeconfig(User user) {
        return place.kubeconfig(user);
    }

    /** A client of a user; whoever asks for one closes it. */
    public KubernetesClient client(User user) {
        Config config =
                new ConfigBuilder(Config.fromKubeconfig(kubeconfig(user).toFile()))
                        .withMaxConcurrentRequests(256)
                        .withMaxConcurrentRequestsPerHost(256)
                        .build();
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    /** Ends one of its processes as the kernel ends them, for trials; {@link #resume} helps. */
    public void kill(String part) {
        parts.all().stream()
                .filter(each -> each.name().equals(part))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no part " + part))
                .stop(Duration.ZERO);
    }

    /** Starts what does not run any more, and returns when all of it works. */
    public void resume() {
        parts.all().forEach(ControlPlaneProcess::start);
        if (reaper != null) {
            reaper.dismiss();
            var _ = reaped();
        }
        await("the cluster", () -> parts.all().stream().allMatch(this::isHealthy));
    }

    private ControlPlane reaped() {
        reaper =
                ProcessReaper.of(
                        parts.all().stream()
                                .flatMap(part -> part.running().stream())
                                .map(ProcessHandle::pid)
                                .toList());
        return this;
    }

    /** Ends its processes, the last one first. Its data stay. */
    public void down() {
        if (reaper != null) {
            reaper.dismiss();
            reaper = null;
        }
        for (ControlPlaneProcess part : parts.all().reversed()) {
            // The API server would wait for every watch to end; etcd closes its files.
            part.stop(part == parts.etcd() ? GENTLE : Duration.ZERO);
        }
    }

    /** Deletes all that it left in its directory; it must be down. */
    public void forget() {
        try (var all = Files.walk(place.directory())) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException trouble) {
            throw new Unavailable(
                    "cannot delete %s: %s"
                            .formatted(place.directory(), ErrorCauses.ofFile(trouble)));
        }
    }
}
