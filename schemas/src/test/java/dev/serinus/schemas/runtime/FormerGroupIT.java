package dev.serinus.schemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;

import dev.serinus.broker.BrokerAccounts;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.broker.FreePort;
import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.runtime.LoopBed.Notebook;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A service that comes with another group reads nothing a second time. */
class FormerGroupIT {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String FORMER = "all-clusters";
    private static LoopBed bed;

    @BeforeAll
    static void start(@TempDir Path data) {
        bed = new LoopBed(data);
    }

    @AfterAll
    static void stop() {
        bed.close();
    }

    @Test
    void aNewGroupGoesOnWhereTheFormerOneWas() throws Exception {
        // Given
        bed.provision("goes-on", 4);
        publish("goes-on", 0, 20);
        var before = new Notebook();
        try (var old = former("goes-on", before)) {
            await().atMost(SOON).until(() -> old.metrics().handled() == 20);
        }
        publish("goes-on", 20, 30);

        // When
        var after = new Notebook();
        try (var loop = renamed("goes-on", after)) {
            await().atMost(SOON).until(() -> loop.metrics().handled() == 10);
        }
        publish("goes-on", 30, 40);
        var restarted = new Notebook();
        try (var loop = renamed("goes-on", restarted)) {
            await().atMost(SOON).until(() -> loop.metrics().handled() == 10);
        }

        // Then
        assertThat(before.entries).containsExactlyInAnyOrderElementsOf(names(0, 20));
        assertThat(after.entries).containsExactlyInAnyOrderElementsOf(names(20, 30));
        assertThat(restarted.entries).containsExactlyInAnyOrderElementsOf(names(30, 40));
    }

    @Test
    void whatTheFormerGroupHasReadIsTakenOverWithoutANewRecord() throws Exception {
        // Given
        bed.provision("quiet", 1);
        publish("quiet", 0, 5);
        try (var old = former("quiet", new Notebook())) {
            await().atMost(SOON).until(() -> old.metrics().handled() == 5);
        }

        // When
        try (var _ = renamed("quiet", new Notebook())) {
            // Then
            await().atMost(SOON)
                    .untilAsserted(
                            () ->
                                    assertThat(committed("test-quiet").values())
                                            .extracting(OffsetAndMetadata::offset)
                                            .containsExactly(5L));
        }
    }

    @Test
    void anOlderInstanceThatStillRunsDoesTheWorkUntilItEnds() throws Exception {
        // Given
        bed.provision("rolling", 3);
        publish("rolling", 0, 10);
        var before = new Notebook();
        var after = new Notebook();
        try (var old = former("rolling", before)) {
            await().atMost(SOON).until(() -> old.metrics().handled() == 10);

            // When
            try (var loop = renamed("rolling", after);
                    var second = renamed("rolling", after)) {
                publish("rolling", 10, 20);
                await().atMost(SOON).until(() -> old.metrics().handled() == 20);
                assertThat(loop.metrics().partitions()).isZero();
                assertThat(loop.healthy()).isTrue();
                old.close(SOON);
                publish("rolling", 20, 30);
                await().atMost(SOON)
                        .until(() -> loop.metrics().handled() + second.metrics().handled() == 10);
            }
        }

        // Then
        assertThat(before.entries).containsExactlyInAnyOrderElementsOf(names(0, 20));
        assertThat(after.entries).containsExactlyInAnyOrderElementsOf(names(20, 30));
    }

    @Test
    void theFormerGroupsMembersOfOtherClustersAreNotWaitedFor() throws Exception {
        // Given
        bed.provision("upgraded", 1);
        bed.provision("not-yet", 1);
        publish("upgraded", 0, 3);
        try (var old = former("upgraded", new Notebook())) {
            await().atMost(SOON).until(() -> old.metrics().handled() == 3);
        }
        try (var other = former("not-yet", new Notebook())) {
            await().atMost(SOON).until(() -> other.metrics().partitions() == 1);
            publish("upgraded", 3, 4);
            var after = new Notebook();

            // When
            try (var loop = renamed("upgraded", after)) {
                await().atMost(SOON).until(() -> loop.metrics().handled() == 1);
            }

            // Then
            assertThat(after.entries).containsExactly("c3 n");
        }
    }

    @Test
    void whoMayNotAskIsToldWhatIsRepeatedAndHowToAvoidIt(@TempDir Path data) throws Exception {
        // Given
        var accounts =
                new BrokerAccounts("admin", Map.of("admin", "word", "serinus-west", "other"));
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        var logger = (Logger) LoggerFactory.getLogger(FormerGroup.class);
        logger.addAppender(log);
        try (var broker = EmbeddedBroker.start(data, 0, accounts);
                var admin = Admin.create(config(broker, accounts, "admin"))) {
            LoopBed.provision(admin, "west", 1);
            admin.createAcls(rights("west")).all().get();
            var settings = new KafkaSettings(strings(config(broker, accounts, "serinus-west")));
            try (var outbox =
                    new KafkaOutbox(
                            new KafkaSettings(strings(config(broker, accounts, "admin"))),
                            "test")) {
                outbox.send(
                        new Topics(settings).actions("west"),
                        CanaryKey.parse("west/ns/a"),
                        LoopBed.action("west", "a", "n"));
                var notes = new Notebook();

                // When
                try (var loop =
                        RecordLoop.start(
                                new Topics(settings).actions("west"),
                                "test-west",
                                FORMER,
                                "west",
                                settings,
                                outbox,
                                notes)) {
                    await().atMost(SOON).until(() -> loop.metrics().handled() == 1);
                }

                // Then
                assertThat(notes.entries).containsExactly("a n");
                assertThat(log.list)
                        .extracting(ILoggingEvent::getFormattedMessage)
                        .anySatisfy(
                                said ->
                                        assertThat(said)
                                                .contains("may not ask where the former group")
                                                .contains("--group test-west --topic")
                                                .doesNotContain("\n"));
            }
        } finally {
            logger.detachAppender(log);
        }
    }

    @Test
    void aTopicThatIsMadeLaterIsReadFromItsBeginning() throws Exception {
        // Given
        var notes = new Notebook();
        var log = new ListAppender<ILoggingEvent>();
        log.start();
        var logger = (Logger) LoggerFactory.getLogger(FormerGroup.class);
        logger.setLevel(Level.DEBUG);
        logger.addAppender(log);
        try (var loop = renamed("later", notes)) {
            await().atMost(SOON)
                    .until(
                            () ->
                                    List.copyOf(log.list).stream()
                                            .anyMatch(
                                                    each ->
                                                            each.getMessage()
                                                                    .contains(
                                                                            "no such topic yet")));

            // When
            bed.provision("later", 2);
            publish("later", 0, 4);

            // Then
            await().atMost(SOON).until(() -> loop.metrics().handled() == 4);
            assertThat(notes.entries).containsExactlyInAnyOrderElementsOf(names(0, 4));
        } finally {
            logger.detachAppender(log);
            logger.setLevel(null);
        }
    }

    @Test
    void aBrokerThatIsAwayIsWaitedFor(@TempDir Path data) throws Exception {
        // Given
        int port = FreePort.next();
        var settings = KafkaSettings.at("127.0.0.1:" + port);
        try (var broker = EmbeddedBroker.start(data, port);
                var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()));
                var outbox = new KafkaOutbox(settings, "test")) {
            LoopBed.provision(admin, "away", 1);
            for (int i = 0; i < 3; i++) {
                send(outbox, settings, i);
            }
            try (var old = loop(settings, FORMER, null, outbox, new Notebook())) {
                await().atMost(SOON).until(() -> old.metrics().handled() == 3);
            }
            send(outbox, settings, 3);
        }
        var notes = new Notebook();

        // When
        try (var outbox = new KafkaOutbox(settings, "test");
                var loop = loop(settings, "test-away", FORMER, outbox, notes)) {
            assertThat(loop.healthy()).isTrue();
            try (var _ = EmbeddedBroker.start(data, port)) {
                await().atMost(SOON).until(() -> loop.metrics().handled() == 1);
                loop.close(SOON);
            }
        }

        // Then
        assertThat(notes.entries).containsExactly("a n3");
    }

    private static void send(KafkaOutbox outbox, KafkaSettings settings, int number)
            throws InterruptedException {
        outbox.send(
                new Topics(settings).actions("away"),
                CanaryKey.parse("away/ns/a"),
                LoopBed.action("away", "a", "n" + number));
    }

    private static RecordLoop<Action> loop(
            KafkaSettings settings,
            String group,
            @Nullable String former,
            KafkaOutbox outbox,
            Notebook notes) {
        return RecordLoop.start(
                new Topics(settings).actions("away"),
                group,
                former,
                "away",
                settings,
                outbox,
                notes);
    }

    private static RecordLoop<Action> former(String cluster, Notebook notes) {
        return RecordLoop.start(
                bed.actions(cluster), FORMER, cluster, bed.settings(), bed.outbox, notes);
    }

    private static RecordLoop<Action> renamed(String cluster, Notebook notes) {
        return RecordLoop.start(
                bed.actions(cluster),
                "test-" + cluster,
                FORMER,
                cluster,
                bed.settings(),
                bed.outbox,
                notes);
    }

    private static void publish(String cluster, int from, int to) {
        IntStream.range(from, to).forEach(i -> bed.publish(cluster, "c" + i, "n"));
        bed.flush();
    }

    private static List<String> names(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "c" + i + " n").toList();
    }

    private static Map<TopicPartition, OffsetAndMetadata> committed(String group) throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", bed.bootstrapServers()))) {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get();
        }
    }

    /** All that the service needs, and nothing of the former group. */
    private static List<AclBinding> rights(String cluster) {
        return Stream.of(
                        new ResourcePattern(
                                ResourceType.TOPIC,
                                "serinus." + cluster + ".actions",
                                PatternType.LITERAL),
                        new ResourcePattern(
                                ResourceType.GROUP, "test-" + cluster, PatternType.LITERAL))
                .map(
                        what ->
                                new AclBinding(
                                        what,
                                        new AccessControlEntry(
                                                "User:serinus-" + cluster,
                                                "*",
                                                AclOperation.READ,
                                                AclPermissionType.ALLOW)))
                .toList();
    }

    private static Map<String, Object> config(
            EmbeddedBroker broker, BrokerAccounts accounts, String name) {
        Map<String, Object> all = new HashMap<>(accounts.client(name));
        all.put("bootstrap.servers", broker.bootstrapServers());
        return all;
    }

    private static Map<String, String> strings(Map<String, Object> config) {
        Map<String, String> strings = new HashMap<>();
        config.forEach((name, value) -> strings.put(name, value.toString()));
        return strings;
    }
}
