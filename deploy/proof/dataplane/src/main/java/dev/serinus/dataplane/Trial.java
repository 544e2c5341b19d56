package dev.serinus.dataplane;

import dev.serinus.cli.AllInOne;
import dev.serinus.cli.LocalSettings;
import dev.serinus.dataplane.binaries.Programs;
import dev.serinus.dataplane.cluster.AddressHosting;
import dev.serinus.dataplane.cluster.Cluster;
import dev.serinus.dataplane.proxy.Api;
import dev.serinus.dataplane.proxy.Plane;
import dev.serinus.dataplane.story.Findings;
import dev.serinus.dataplane.story.Gates;
import dev.serinus.dataplane.story.Stage;
import dev.serinus.dataplane.story.Story;
import dev.serinus.demo.cluster.PodServers;
import dev.serinus.demo.cluster.Pods;
import dev.serinus.demo.measure.MetricsEndpoint;
import dev.serinus.demo.measure.Samples;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.testbed.ControlPlane;
import dev.serinus.testbed.Definitions;
import dev.serinus.testbed.Unavailable;
import dev.serinus.testbed.User;
import dev.serinus.testbed.binaries.Binaries;

import io.fabric8.kubernetes.client.KubernetesClient;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Stories through one proxy. Runs in a network namespace of its own, where pods' addresses are
 * local.
 *
 * @param directory an empty one, for data and logs
 * @param tell hears what is going on
 */
record Trial(
        Plane plane,
        Api api,
        Binaries binaries,
        Programs programs,
        Path directory,
        List<Story> stories,
        Consumer<String> tell) {

    private static final Duration START_UP = Duration.ofMinutes(2);
    private static final String APPS = "apps";
    private static final long SEED = 2026;

    /** Plays them at the same time and returns what was found. */
    Findings run() throws Exception {
        var bed =
                ControlPlane.untilThisJvmEnds(
                        binaries, directory.resolve("testbed"), Definitions.PUBLISHED);
        var samples = new Samples();
        try (var user = bed.client(User.ADMIN);
                var account = bed.client(User.SERINUS);
                var metrics = MetricsEndpoint.start(samples);
                var view = plane.view();
                var pods =
                        new PodServers(
                                user,
                                new AddressHosting(user, view::sendsTo),
                                new Pods(),
                                samples,
                                new SplittableRandom(SEED));
                var gates = Gates.start()) {
            tell.accept("the control plane is up");
            var cluster = new Cluster(user);
            cluster.define(plane.definitions(programs));
            cluster.apply("namespace.yaml", Map.of("METRICS", metrics.url()));
            open(cluster);
            try (var _ = plane.start(api, APPS, programs, bed, directory);
                    var serinus = serinus(account, metrics.url())) {
                tell.accept("Serinus is up");
                admit(cluster, bed);
                var findings = new Findings();
                play(new Stage(cluster, plane, api, view, pods, gates, findings));
                if (!serinus.alive()) {
                    throw new IllegalStateException("a part of Serinus died meanwhile");
                }
                return findings;
            }
        } finally {
            bed.down();
        }
    }

    /** Where requests come in, unless each application has its own route for that. */
    private void open(Cluster cluster) {
        var values = plane.gateway(APPS);
        if (api == Api.GATEWAYAPI) {
            cluster.apply("class.yaml", values);
            plane.besideGateway().ifPresent(manifest -> cluster.apply(manifest, values));
        }
        if (api.isByGateway()) {
            cluster.apply(api.manifest("entrance.yaml"), values);
        }
    }

    /** What the proxy would refuse is refused when it is written, as where it is installed. */
    private void admit(Cluster cluster, ControlPlane bed) throws IOException {
        if (plane.admission().isPresent()) {
            byte[] authority = Files.readAllBytes(bed.identity().certificate());
            cluster.apply(
                    plane.admission().get(),
                    Map.of("AUTHORITY", Base64.getEncoder().encodeToString(authority)));
        }
    }

    private AllInOne serinus(KubernetesClient account, String metrics) throws InterruptedException {
        var installation =
                new Installation(
                        "trial",
                        null,
                        api.provider(),
                        metrics,
                        Duration.ofSeconds(1),
                        List.of("app", "name", "app.kubernetes.io/name"),
                        true,
                        List.of(),
                        false);
        var serinus =
                AllInOne.start(
                        new LocalSettings(
                                installation,
                                directory.resolve("serinus"),
                                null,
                                0,
                                3,
                                0,
                                LocalSettings.Telling.NOBODY),
                        account);
        long end = System.nanoTime() + START_UP.toNanos();
        while (!serinus.ready()) {
            if (System.nanoTime() > end) {
                String missing = serinus.missing();
                serinus.close();
                throw new Unavailable("Serinus does not become ready: " + missing);
            }
            Thread.sleep(50);
        }
        return serinus;
    }

    private void play(Stage stage) throws InterruptedException {
        List<Future<?>> playing = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Story story : stories) {
                playing.add(
                        threads.submit(
                                () -> {
                                    story.play(stage);
                                    tell.accept(story.name() + " is over");
                                    return null;
                                }));
            }
            for (int i = 0; i < playing.size(); i++) {
                try {
                    playing.get(i).get();
                } catch (ExecutionException trouble) {
                    stage.findings()
                            .trouble(stories.get(i).name(), String.valueOf(trouble.getCause()));
                }
            }
        }
    }
}
