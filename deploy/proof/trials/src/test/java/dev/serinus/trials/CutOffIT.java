package dev.serinus.trials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.broker.BrokerDetour;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.broker.FreePort;
import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Provisioning;

import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The watcher and the router of a cluster lose their way to Kafka in the middle of a release, and
 * live: what waits for that cluster waits on, with its place, until it is heard again.
 */
@Tag("nightly")
@ResourceLock("dev.serinus.trials.killed")
class CutOffIT {

    private static final String US = "us";
    private static final String EU = "eu";
    private static final CanaryKey FIRST = key(US, "api");
    private static final CanaryKey AFTER_IT = key(EU, "api");
    private static final CanaryKey IN_LINE = key(EU, "cart");
    private static final List<CanaryKey> ALL = List.of(FIRST, AFTER_IT, IN_LINE);

    /** Ends a trial that hangs; silence itself takes minutes. */
    private static final Duration PATIENCE = Duration.ofMinutes(8);

    /** The shortest silence that there is, and room for one release of all. */
    private static final String RULES =
            """
            silentAfter: 2m
            budgets:
            - {name: everywhere, max: 1}
            """;

    private final Path data =
            Path.of(
                            System.getProperty("trials.data"),
                            getClass().getSimpleName() + "-" + ProcessHandle.current().pid())
                    .toAbsolutePath();
    private final List<AutoCloseable> parts = new ArrayList<>();
    private final Map<String, Cluster> clusters = new LinkedHashMap<>();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void stopEverything() throws Exception {
        for (var part : parts.reversed()) {
            part.close();
        }
        http.close();
    }

    private <T extends AutoCloseable> T started(T part) {
        parts.add(part);
        return part;
    }

    @Test
    void whatWaitsForAClusterThatIsCutOffKeepsItsPlaceAndGoesOnWhenItIsHeardAgain()
            throws Exception {
        int port = FreePort.next();
        int beside = FreePort.next();
        Files.createDirectories(data);
        var detour = started(new Detour().to(beside));
        var broker =
                started(
                        EmbeddedBroker.startBeside(
                                new BrokerDetour(beside, detour.port()),
                                data.resolve("kafka"),
                                port));
        var kafka = KafkaSettings.at(broker.bootstrapServers());
        try (var admin = Admin.create(kafka.with(Map.of()))) {
            Provisioning.ensureTopics(admin, List.of(US, EU), 3, (short) 1);
        }
        for (String cluster : List.of(US, EU)) {
            clusters.put(cluster, started(new Cluster()));
        }
        var analysis = analysis(port);
        edge(US, detour.port());
        edge(EU, port);
        try (var history = new History(kafka)) {
            clusters.forEach(CutOffIT::create);
            ALL.forEach(canary -> awaitEvent(history, canary, 0, "Initialized"));
            awaitClusters(analysis, US, false);

            image(FIRST);
            awaitEvent(history, FIRST, 1, "WeightShifted");
            image(AFTER_IT);
            image(IN_LINE);
            await("both to wait; logs are in " + data)
                    .atMost(PATIENCE)
                    .until(() -> of(history, IN_LINE, 1).size() > 0 && waits(analysis, AFTER_IT));
            detour.cut();

            awaitClusters(analysis, US, true);
            await("those that wait to be told; logs are in " + data)
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () -> {
                                assertThat(rollout(analysis, AFTER_IT))
                                        .contains("cluster us was last heard of at");
                                assertThat(rollout(analysis, IN_LINE))
                                        .contains("1 of these in clusters from which nothing");
                            });
            assertThat(types(history, FIRST))
                    .as("where it was")
                    .contains("Started")
                    .doesNotContain("Promoted", "RolledBack", "Restarted");
            assertThat(types(history, AFTER_IT)).doesNotContain("Started");
            assertThat(types(history, IN_LINE)).doesNotContain("Started");
            detour.mend();

            ALL.forEach(canary -> awaitEvent(history, canary, 1, "Promoted"));
            awaitClusters(analysis, US, false);
            ALL.forEach(canary -> assertWhole(history, canary));
            var order = history.events().stream().filter(it -> it.getRun() == 1).toList();
            assertThat(place(order, AFTER_IT, "Started"))
                    .as("the wave")
                    .isGreaterThan(place(order, FIRST, "Promoted"));
        }
    }

    private ServiceProcess analysis(int port) throws IOException {
        Path rules = Files.writeString(data.resolve("fleet.yaml"), RULES);
        return started(
                ServiceProcess.service(
                        "analysis",
                        US,
                        cluster(US),
                        port,
                        data,
                        Path.of(System.getProperty("serinus.root")),
                        Map.of("SERINUS_FLEET_FILE", rules.toString())));
    }

    private void edge(String cluster, int port) {
        for (String service : List.of("watcher", "router")) {
            started(
                    ServiceProcess.service(
                            service, cluster, cluster(cluster), port, data.resolve(cluster)));
        }
    }

    private Cluster cluster(String name) {
        return Objects.requireNonNull(clusters.get(name));
    }

    private static void create(String cluster, Cluster on) {
        on.apply(Manifests.namespace("shop"));
        for (String name : cluster.equals(US) ? List.of("api") : List.of("api", "cart")) {
            on.apply(Manifests.deployment("shop", name, 1));
            String canary = Manifests.canary("shop", name, "").stripTrailing() + "\n";
            boolean after = cluster.equals(EU) && name.equals("api");
            on.apply(after ? canary + "  after: [{cluster: us, name: api}]\n" : canary);
        }
    }

    private void image(CanaryKey canary) {
        cluster(canary.cluster()).image(canary.namespace(), canary.name(), "podinfo:2.0.0");
    }

    private void awaitClusters(ServiceProcess analysis, String cluster, boolean silent) {
        await("%s %s; logs are in %s".formatted(cluster, silent ? "silent" : "heard", data))
                .atMost(PATIENCE)
                .pollInterval(Duration.ofSeconds(1))
                .until(
                        () -> {
                            String all = get(analysis, "/api/v1/clusters");
                            int at = all.indexOf("\"cluster\":\"" + cluster + "\"");
                            int end = at < 0 ? -1 : all.indexOf('}', at);
                            return end > 0
                                    && all.substring(at, end).contains("\"silent\":" + silent);
                        });
    }

    private boolean waits(ServiceProcess analysis, CanaryKey canary) {
        return rollout(analysis, canary).contains("Waiting");
    }

    private String rollout(ServiceProcess analysis, CanaryKey canary) {
        return get(analysis, "/api/rollouts/" + canary);
    }

    private String get(ServiceProcess analysis, String path) {
        try {
            var asked = HttpRequest.newBuilder(URI.create(analysis.url() + path)).build();
            return http.send(asked, BodyHandlers.ofString()).body();
        } catch (IOException away) {
            throw new UncheckedIOException(away);
        } catch (InterruptedException ended) {
            throw new IllegalStateException(ended);
        }
    }

    private void awaitEvent(History history, CanaryKey canary, long run, String type) {
        await("%s of %s in run %d; logs are in %s".formatted(type, canary, run, data))
                .atMost(PATIENCE)
                .until(
                        () ->
                                of(history, canary, run).stream()
                                        .anyMatch(event -> event.getType().equals(type)));
    }

    /** Each event of the run once, with numbers without a gap, and no step back. */
    private static void assertWhole(History history, CanaryKey canary) {
        var events = of(history, canary, 1);
        for (int i = 0; i < events.size(); i++) {
            assertThat(events.get(i).getSequence()).as(canary.toString()).isEqualTo(i + 1);
        }
        assertThat(types(history, canary))
                .as(canary.toString())
                .containsOnlyOnce("Started", "Promoted")
                .doesNotContain("Restarted", "RolledBack", "PromotionFailed");
    }

    private static int place(List<RolloutEvent> order, CanaryKey canary, String type) {
        for (int i = 0; i < order.size(); i++) {
            if (order.get(i).getCanary().equals(canary.toString())
                    && order.get(i).getType().equals(type)) {
                return i;
            }
        }
        throw new AssertionError(type + " of " + canary);
    }

    private static List<String> types(History history, CanaryKey canary) {
        return of(history, canary, 1).stream().map(RolloutEvent::getType).toList();
    }

    private static List<RolloutEvent> of(History history, CanaryKey canary, long run) {
        return history.of(canary).stream().filter(event -> event.getRun() == run).toList();
    }

    private static CanaryKey key(String cluster, String name) {
        return new CanaryKey(cluster, "shop", name);
    }
}
