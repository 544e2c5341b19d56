package dev.serinus.analysis.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.GateTimeout;
import dev.serinus.schemas.events.GroupMember;
import dev.serinus.schemas.events.OnGateTimeout;
import dev.serinus.schemas.events.ReleaseGroup;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Service;
import dev.serinus.schemas.topic.TopicKind;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * This version takes over what an older one keeps, while one canary runs in a budget, one waits for
 * its place and one for the promotion of another. The older one is what was built in the checkout
 * that {@code trials.older} names.
 */
@Tag("nightly")
@EnabledIfSystemProperty(
        named = OlderAnalysisIT.OLDER,
        matches = ".+",
        disabledReason = "needs the checkout of an older version")
class OlderAnalysisIT {

    static final String OLDER = "trials.older";
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @Test
    void whatRunsAndWaitsGoesOnAndAGroupOfThisVersionIsPromotedTogether(@TempDir Path data)
            throws Exception {
        Path built = Path.of(System.getProperty(OLDER), "analysis-service", "target");
        String classes =
                built.resolve("analysis-service.jar")
                        + File.pathSeparator
                        + built.resolve("lib").resolve("*");
        Path file = Files.writeString(data.resolve("fleet.yaml"), "budgets: [{name: all, max: 1}]");
        try (var broker = EmbeddedBroker.start(data.resolve("broker"), 0);
                var edges = new Edges(broker.bootstrapServers())) {
            edges.provision(List.of(TopicKind.values()), "west");
            edges.provision(
                    List.of(TopicKind.values()).stream().filter(kind -> !kind.isOfHub()).toList(),
                    "east");
            tellSchemas(broker.bootstrapServers());
            var kafka =
                    Map.of(
                            "KAFKA_BOOTSTRAP_SERVERS",
                            broker.bootstrapServers(),
                            "SERINUS_FLEET_FILE",
                            file.toString());
            var analysis = AnalysisProcess.start(classes, kafka, data.resolve("analysis"));
            try {
                // Given
                var first = canary("west", "first");
                var second = canary("east", "second");
                var third = canary("west", "third");
                third.after = List.of(BudgetsIT.after(second));
                var all = List.of(first, second, third);
                all.forEach(edges::join);
                BudgetsIT.awaitPhase(edges, all, "Initialized");
                edges.tell(first.released("b"));
                BudgetsIT.awaitPhase(edges, List.of(first), "Progressing");
                edges.tell(second.released("b"));
                edges.tell(third.released("b"));
                BudgetsIT.awaitPhase(edges, List.of(second, third), "Waiting");
                int before = BudgetsIT.permits(edges).size();

                // When
                analysis.kill();
                analysis =
                        AnalysisProcess.start(
                                System.getProperty("java.class.path"),
                                kafka,
                                data.resolve("analysis"));

                // Then
                BudgetsIT.awaitPhase(edges, all, "Succeeded");
                assertThat(BudgetsIT.permits(edges).size()).isGreaterThan(before);
                assertThat(BudgetsIT.mostAtOnce(edges)).isEqualTo(1);
                Files.writeString(file, "budgets: []");
                var cart = member("west", "cart");
                var pay = member("east", "pay");
                var group = List.of(cart, pay);
                group.forEach(edges::join);
                BudgetsIT.awaitPhase(edges, group, "Initialized");
                group.forEach(one -> edges.tell(one.released("b")));
                BudgetsIT.awaitPhase(edges, group, "Succeeded");
                BudgetsIT.awaitNumbersWithoutGaps(edges);
                assertThat(edges.read(TopicKind.DEAD_LETTERS, "west")).isEmpty();
                assertThat(edges.read(TopicKind.DEAD_LETTERS, "east")).isEmpty();
            } finally {
                analysis.close();
            }
        }
    }

    /** So that the older one can read what these edges write. */
    private static void tellSchemas(String bootstrapServers) {
        var topics = new Topics(KafkaSettings.at(bootstrapServers));
        for (String cluster : List.of("west", "east")) {
            topics.expect(cluster);
            for (Service writer : List.of(Service.WATCHER, Service.ROUTER)) {
                await().atMost(PATIENCE).until(() -> topics.tell(cluster, writer));
            }
        }
    }

    private static PretendCluster canary(String cluster, String name) {
        return new PretendCluster(new CanaryKey(cluster, "test", name), 3_000);
    }

    private static PretendCluster member(String cluster, String name) {
        var canary = new PretendCluster(new CanaryKey(cluster, "test", name), 500);
        canary.group =
                ReleaseGroup.newBuilder()
                        .setName("checkout")
                        .setMembers(
                                List.of(
                                        new GroupMember("west", null, "cart"),
                                        new GroupMember("east", null, "pay")))
                        .setLimit(new GateTimeout(3_600_000L, OnGateTimeout.FAIL))
                        .build();
        return canary;
    }
}
