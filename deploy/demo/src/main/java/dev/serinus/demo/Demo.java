package dev.serinus.demo;

import dev.serinus.cli.AllInOne;
import dev.serinus.cli.LocalSettings;
import dev.serinus.demo.load.LoadTest;
import dev.serinus.demo.screen.Narration;
import dev.serinus.demo.screen.Screen;
import dev.serinus.demo.screen.ScreenState;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BinaryOperator;

/** Sets the stage, lets the story happen, and says how it went. */
final class Demo {

    private static final String CLUSTER = "demo";

    /** The control plane's folder among the data. */
    static final String TESTBED = "testbed";

    private static final Duration START_UP = Duration.ofSeconds(30);
    private static final Duration ACT = Duration.ofSeconds(40);

    /** Fifteen samples of two seconds each come first, at each of three weights. */
    private static final Duration ACT_OF_COMPARING = Duration.ofSeconds(200);

    /** One canary needs no more, and fewer start faster. */
    private static final int PARTITIONS = 3;

    private static final long SEED = 2026;

    private final DemoOptions options;
    private final Setting setting;
    private final Screen screen;

    Demo(DemoOptions options, Setting setting, Screen screen) {
        this.setting = setting;
        this.options = options;
        this.screen = screen;
    }

    /** True when both releases went as they should. */
    boolean run() throws InterruptedException {
        screen.heading(
                "Serinus releases software step by step and takes it back when it misbehaves");
        Instant began = Instant.now();
        try (var world =
                new World(setting, options.data(), new SplittableRandom(SEED), screen::say)) {
            world.cluster
                    .introduction(options.loadTest() != null)
                    .forEach(line -> screen.say("  " + line));
            try (var serinus = AllInOne.start(settings(world), world.cluster.serinus())) {
                if (!await(serinus)) {
                    return false;
                }
                screen.say(
                        "  All of it is up after %.1f s. Logs are in %s"
                                .formatted(
                                        Duration.between(began, Instant.now()).toMillis() / 1000.0,
                                        options.data().resolve("serinus.log")));
                boolean wentWell = play(world, serinus);
                if (options.keep()) {
                    keepOpen(world, serinus);
                }
                next().forEach(line -> screen.say("  " + line));
                screen.say("  Stopping all of it, which takes some seconds ...");
                return wentWell;
            }
        }
    }

    /** What else there is to try, but for what was just seen. */
    private List<String> next() {
        List<String> lines = new ArrayList<>(List.of("To try next:"));
        lines.add("  deploy/serinus demo --keep          the same, and its dashboard to look at");
        if (!options.compare()) {
            lines.add(
                    "  deploy/serinus demo --compare       a slower release within every"
                            + " threshold");
        }
        if (options.loadTest() == null) {
            lines.add("  deploy/serinus demo --loadtester    with a load test at each check");
        }
        lines.add("  deploy/guide/start.md               on a cluster of yours, in five minutes");
        return lines;
    }

    private LocalSettings settings(World world) {
        return new LocalSettings(
                new Installation(
                        CLUSTER,
                        null,
                        "gatewayapi:v1",
                        world.metrics.url(),
                        Duration.ofSeconds(1),
                        List.of("app", "name", "app.kubernetes.io/name"),
                        true,
                        List.of(),
                        false),
                options.data(),
                null,
                0,
                PARTITIONS,
                options.httpPort(),
                LocalSettings.Telling.NOBODY);
    }

    private boolean await(AllInOne serinus) throws InterruptedException {
        Instant deadline = Instant.now().plus(START_UP);
        while (!serinus.ready()) {
            if (Instant.now().isAfter(deadline)) {
                screen.say(
                        "  Serinus was not ready within %d s: %s. The log says why: %s"
                                .formatted(
                                        START_UP.toSeconds(),
                                        serinus.state(),
                                        options.data().resolve("serinus.log")));
                return false;
            }
            Thread.sleep(50);
        }
        return true;
    }

    private boolean play(World world, AllInOne serinus) throws InterruptedException {
        var canary = new CanaryKey(CLUSTER, World.NAMESPACE, World.APP);
        var kafka = KafkaSettings.at(serinus.bootstrapServers());
        List<ReleaseDemo> acts = new ArrayList<>();
        try (var load = loadTest(world);
                var events =
                        RolloutEvents.open(
                                canary, kafka, event -> screen.event(Narration.of(event)));
                var _ = camera(world, events)) {
            boolean compare = options.compare();
            BinaryOperator<String> manifests =
                    (name, yaml) -> {
                        String here = setting.manifest(name, yaml);
                        return load == null ? here : load.manifest(here);
                    };
            var story =
                    new DemoReleases(
                            manifests, world, events, screen, compare ? ACT_OF_COMPARING : ACT);
            String canaryFile = load == null ? "canary.yaml" : "canary-loadtester.yaml";
            acts.add(story.initialise(compare ? "canary-compare.yaml" : canaryFile));
            if (acts.getLast().wentWell()) {
                world.openTheDoors();
                acts.add(story.releaseGood(compare, load != null));
            }
            if (acts.getLast().wentWell()) {
                acts.add(compare ? story.releaseSlow() : story.releaseBad(load != null));
            }
        }
        var summary = new Summary(acts, world.tally);
        summary.print(screen);
        return summary.wentWell();
    }

    private @Nullable LoadTest loadTest(World world) throws InterruptedException {
        var program = options.loadTest();
        if (program == null) {
            return null;
        }
        Path log = options.data().resolve("loadtester.log");
        var load = LoadTest.start(program, world.pods, World.NAMESPACE, World.APP, log);
        screen.say(
                "  The load tester is a process of its own; it runs %s. Its log is in %s"
                        .formatted(program.program(), log));
        return load;
    }

    private ScheduledExecutorService camera(World world, RolloutEvents events) {
        var camera =
                Executors.newSingleThreadScheduledExecutor(
                        Thread.ofPlatform().daemon().name("camera").factory());
        var _ =
                camera.scheduleAtFixedRate(
                        () -> {
                            ScreenState scene = world.look(events.phase());
                            screen.show(scene);
                        },
                        1000,
                        250,
                        TimeUnit.MILLISECONDS);
        return camera;
    }

    private void keepOpen(World world, AllInOne serinus) throws InterruptedException {
        screen.heading("Everything stays up (--keep); Ctrl-C ends it");
        screen.say("  dashboard   " + serinus.url() + "/");
        screen.say("  rollouts    curl " + serinus.url() + "/api/rollouts");
        screen.say("  history     curl " + serinus.url() + "/api/rollouts/demo/demo/podinfo");
        screen.say("  metrics     curl " + serinus.url() + "/metrics");
        screen.say("  the app     curl " + world.entrance.address());
        screen.say("  Prometheus  curl '" + world.metrics.url() + "/api/v1/query?query=vector(1)'");
        screen.say("  API server  " + world.cluster.look());
        screen.say("  events      deploy/serinus events --follow --data " + options.data());
        new CountDownLatch(1).await();
    }
}
