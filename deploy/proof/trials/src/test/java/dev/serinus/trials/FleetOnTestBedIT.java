package dev.serinus.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.broker.FreePort;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.testbed.ControlPlane;
import dev.serinus.testbed.Definitions;
import dev.serinus.testbed.binaries.Binaries;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Two clusters, each on a real control plane, with one hub: a wave, a budget and a group, while the
 * hub's analysis is killed in the middle.
 */
@Tag("nightly")
@ResourceLock("dev.serinus.trials.killed")
class FleetOnTestBedIT {

    private static final String US = "us";
    private static final String EU = "eu";
    private static final List<CanaryKey> ALL =
            Stream.of(US, EU)
                    .flatMap(cluster -> Stream.of("api", "cart").map(name -> key(cluster, name)))
                    .toList();

    /** Ends a trial that hangs; two control planes share the machine with others. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private static final String ONE_EACH =
            """
            budgets:
            - {name: each, max: 1, per: cluster}
            """;

    private final Path data =
            Path.of(
                            System.getProperty("trials.data"),
                            getClass().getSimpleName() + "-" + ProcessHandle.current().pid())
                    .toAbsolutePath();
    private final List<ServiceProcess> parts = new ArrayList<>();
    private final Map<String, RealEnvironment> clusters = new LinkedHashMap<>();

    @TempDir Path planes;

    @BeforeEach
    void startEverything() throws Exception {
        var binaries = Binaries.find();
        assumeThat(binaries).as("programs of the test bed in %s", Binaries.place()).isPresent();
        for (String cluster : List.of(US, EU)) {
            clusters.put(
                    cluster,
                    new RealEnvironment(
                            ControlPlane.untilThisJvmEnds(
                                    binaries.get(),
                                    planes.resolve(cluster),
                                    Definitions.PUBLISHED)));
        }
    }

    @AfterEach
    void stopEverything() {
        parts.reversed().forEach(ServiceProcess::close);
        clusters.values().forEach(RealEnvironment::close);
    }

    @Test
    void aWaveABudgetAndAGroupHoldOverTheDeathOfTheHub() throws Exception {
        int port = FreePort.next();
        Files.createDirectories(data);
        Path fleet = Files.writeString(data.resolve("fleet.yaml"), ONE_EACH);
        Path root = Path.of(System.getProperty("serinus.root"));
        parts.add(ServiceProcess.broker(data, port, List.of(US, EU)));
        var analysis =
                ServiceProcess.service(
                        "analysis",
                        US,
                        cluster(US),
                        port,
                        data,
                        root,
                        Map.of("SERINUS_FLEET_FILE", fleet.toString()));
        parts.add(analysis);
        for (var cluster : clusters.entrySet()) {
            for (String service : List.of("watcher", "router")) {
                parts.add(
                        ServiceProcess.service(
                                service,
                                cluster.getKey(),
                                cluster.getValue(),
                                port,
                                data.resolve(cluster.getKey())));
            }
        }
        try (var history = new History(KafkaSettings.at("127.0.0.1:" + port))) {
            clusters.forEach(FleetOnTestBedIT::create);
            ALL.forEach(canary -> awaitEvent(history, canary, 0, "Initialized"));

            ALL.forEach(canary -> image(canary, "podinfo:2.0.0"));
            await("a first share; logs are in " + data)
                    .atMost(PATIENCE)
                    .until(() -> history.has("WeightShifted"));
            analysis.kill();
            analysis.start();

            ALL.forEach(canary -> awaitEvent(history, canary, 1, "Promoted"));
            ALL.forEach(canary -> assertWhole(history, canary, 1));
            assertThat(at(history, key(EU, "api"), 1, "Started"))
                    .as("the wave")
                    .isAfterOrEqualTo(at(history, key(US, "api"), 1, "Promoted"));
            for (String cluster : List.of(US, EU)) {
                assertOneAtATime(history, cluster);
            }
            var carts = List.of(key(US, "cart"), key(EU, "cart"));
            assertThat(first(history, carts, 1, "Promoting"))
                    .as("nobody of the group before all were ready")
                    .isAfterOrEqualTo(last(history, carts, 1, "GroupWaits"));

            // One of the group fails: the other is taken back.
            cluster(EU).outside.measures("0");
            carts.forEach(canary -> image(canary, "podinfo:3.0.0"));
            carts.forEach(canary -> awaitEvent(history, canary, 2, "RolledBack"));

            assertThat(of(history, key(US, "cart"), 2))
                    .extracting(RolloutEvent::getMessage)
                    .contains("group checkout: eu/shop/cart failed");
            carts.forEach(
                    canary ->
                            assertThat(of(history, canary, 2))
                                    .extracting(RolloutEvent::getType)
                                    .doesNotContain("Promoting", "Promoted"));
        }
    }

    private RealEnvironment cluster(String name) {
        return Objects.requireNonNull(clusters.get(name));
    }

    private static void create(String cluster, RealEnvironment on) {
        on.apply(Manifests.namespace("shop"));
        for (String name : List.of("api", "cart")) {
            on.apply(Manifests.deployment("shop", name, 1));
        }
        String after = "after: [{cluster: us, name: api}]\n";
        String group =
                "group: {name: checkout, members: [{cluster: us, name: cart}, {cluster: eu, name:"
                        + " cart}], timeout: 10m}\n";
        on.apply(canary("api", cluster.equals(EU) ? after : ""));
        on.apply(canary("cart", group));
    }

    /** As others, with something more in its spec. */
    private static String canary(String name, String spec) {
        return Manifests.canary("shop", name, "").stripTrailing() + "\n" + spec.indent(2);
    }

    private void image(CanaryKey canary, String image) {
        cluster(canary.cluster()).image(canary.namespace(), canary.name(), image);
    }

    private void awaitEvent(History history, CanaryKey canary, long run, String type) {
        await("%s of %s in run %d; logs are in %s".formatted(type, canary, run, data))
                .atMost(PATIENCE)
                .until(
                        () ->
                                of(history, canary, run).stream()
                                        .anyMatch(event -> event.getType().equals(type)));
    }

    /** Each event once, with numbers without a gap, and the end once. */
    private static void assertWhole(History history, CanaryKey canary, long run) {
        var events = of(history, canary, run);
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).getSequence()).as(canary.toString()).isEqualTo(i + 1);
        }
        assertThat(events)
                .as(canary.toString())
                .extracting(RolloutEvent::getType)
                .containsOnlyOnce("Started", "Promoted")
                .doesNotContain("RolledBack", "PromotionFailed");
    }

    /** In a cluster nobody begins before the one before has ended. */
    private static void assertOneAtATime(History history, String cluster) {
        var inOrder =
                ALL.stream()
                        .filter(canary -> canary.cluster().equals(cluster))
                        .sorted(Comparator.comparing(it -> at(history, it, 1, "Started")))
                        .toList();
        for (int i = 1; i < inOrder.size(); i++) {
            assertThat(at(history, inOrder.get(i), 1, "Started"))
                    .as("one at a time in " + cluster)
                    .isAfterOrEqualTo(at(history, inOrder.get(i - 1), 1, "Promoted"));
        }
    }

    private static Instant first(History history, List<CanaryKey> of, long run, String type) {
        return of.stream()
                .map(canary -> at(history, canary, run, type))
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static Instant last(History history, List<CanaryKey> of, long run, String type) {
        return of.stream()
                .map(canary -> at(history, canary, run, type))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private static Instant at(History history, CanaryKey canary, long run, String type) {
        return of(history, canary, run).stream()
                .filter(event -> event.getType().equals(type))
                .map(RolloutEvent::getAt)
                .findFirst()
                .orElseThrow(() -> new AssertionError(type + " of " + canary));
    }

    private static List<RolloutEvent> of(History history, CanaryKey canary, long run) {
        return history.of(canary).stream().filter(event -> event.getRun() == run).toList();
    }

    private static CanaryKey key(String cluster, String name) {
        return new CanaryKey(cluster, "shop", name);
    }
}
