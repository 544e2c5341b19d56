package dev.serinus.conformance.real;

import dev.serinus.conformance.recording.Recorder;
import dev.serinus.conformance.recording.Recording;
import dev.serinus.conformance.recording.Watched;
import dev.serinus.conformance.run.Player;
import dev.serinus.conformance.run.Stage;
import dev.serinus.conformance.scenario.Flags;
import dev.serinus.conformance.scenario.Library;
import dev.serinus.conformance.scenario.Scenario;
import dev.serinus.conformance.sink.Sink;
import dev.serinus.conformance.sink.Sinks;
import dev.serinus.testbed.ControlPlane;
import dev.serinus.testbed.User;

import io.fabric8.kubernetes.client.KubernetesClient;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BiFunction;

/**
 * Plays scenarios beside each other on a real control plane, each in its namespace, with one
 * Serinus for all of them. Those that want it started with other flags have it for themselves.
 */
public final class RealStage implements Stage {

    private static final Duration RECORDED_INTERVAL = Duration.ofSeconds(10);

    /** Until what was asked last is in the audit log. */
    private static final long LAST_REQUESTS_MILLIS = 500;

    private final Library library;
    private final ControlPlane plane;
    private final int batch;
    private final int speed;
    private final BiFunction<Scenario, Integer, SpeedUp> paces;
    private final KubernetesClient admin;
    private final Api api;
    private final Watches watches;
    private final Sinks sinks = new Sinks();
    private final SinkServer server;
    private final AuditLog audit;
    private final Path data;
    private final SharedInstallation turns;

    /**
     * @param batch how many scenarios are played beside each other
     * @param speed how much faster than they were recorded, where they bear it
     */
    public RealStage(Library library, ControlPlane plane, int batch, int speed)
            throws InterruptedException {
        this(library, plane, batch, speed, Watched.ALL, SpeedUp::of);
    }

    private RealStage(
            Library library,
            ControlPlane plane,
            int batch,
            int speed,
            List<Watched> followed,
            BiFunction<Scenario, Integer, SpeedUp> paces)
            throws InterruptedException {
        this.library = library;
        this.plane = plane;
        this.batch = batch;
        this.speed = speed;
        this.paces = paces;
        this.admin = plane.client(User.ADMIN);
        this.api = new Api(admin);
        this.watches = new Watches(api, followed);
        this.server = SinkServer.start(sinks);
        this.audit = new AuditLog(plane.auditLog());
        this.data = directory();
        this.turns = new SharedInstallation(this::install);
        watches.start();
    }

    /**
     * One for reports: its recordings hold the pods as well, so that they tell who served, and all
     * are played at the same speed.
     */
    public static RealStage withPods(Library library, ControlPlane plane, int batch, int speed)
            throws InterruptedException {
        var followed = new ArrayList<>(Watched.ALL);
        followed.add(Watched.PODS);
        return new RealStage(
                library, plane, batch, speed, followed, (_, wanted) -> SpeedUp.at(wanted));
    }

    private static Path directory() {
        try {
            return Files.createTempDirectory("serinus-conformance-");
        } catch (IOException trouble) {
            throw new UncheckedIOException(trouble);
        }
    }

    private Installed install(Flags flags, String namespace, int number)
            throws InterruptedException {
        return Installed.start(
                plane.client(User.SERINUS),
                flags.values().isEmpty() ? null : namespace,
                flags,
                server.address().http(),
                RECORDED_INTERVAL.dividedBy(speed),
                data.resolve(String.valueOf(number)));
    }

    @Override
    public Recording play(String name) throws InterruptedException {
        Scenario scenario = library.scenario(name, server.address());
        try (var _ = turns.take(Flags.of(scenario, server.address()), name)) {
            var recorder = new Recorder();
            var shell =
                    new Shell(
                            Shell.kubectl().orElse(Path.of("kubectl")),
                            plane.kubeconfig(User.ADMIN),
                            name,
                            server.address().http() + "/" + name);
            var world = new RealWorld(api, paces.apply(scenario, speed), shell, name);
            watches.tell(name, recorder);
            sinks.add(name, new Sink(scenario, recorder, world::now));
            double began = world.now();
            Recording recording = new Player(scenario, world, recorder).play("serinus");
            double ended = world.now();
            Thread.sleep(LAST_REQUESTS_MILLIS);
            return recording.with(audit.counts(name, began, ended));
        }
    }

    /** Those without flags of their own first, since all others have Serinus for themselves. */
    @Override
    public List<String> inOrder(List<String> names) {
        return names.stream()
                .sorted(
                        Comparator.comparing(
                                name ->
                                        !Flags.of(
                                                        library.scenario(name, server.address()),
                                                        server.address())
                                                .values()
                                                .isEmpty()))
                .toList();
    }

    @Override
    public int atOnce() {
        return batch;
    }

    @Override
    public void close() {
        turns.close();
        watches.close();
        server.close();
        admin.close();
        try (var all = Files.walk(data)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(each);
            }
        } catch (IOException trouble) {
            throw new UncheckedIOException("cannot delete " + data, trouble);
        }
    }
}
