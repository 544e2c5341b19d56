package dev.serinus.schemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.broker.BrokerAccounts;
import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.runtime.LoopBed.Notebook;
import dev.serinus.schemas.topic.CanaryKey;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/** Records that are handled beside the others of their topic: here, those called "event". */
class AsideIT {

    private static final Duration SOON = Duration.ofSeconds(60);
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
    void oneThatHangsKeepsNoneOfTheOthersWaitingAlsoAfterARestart() throws Exception {
        // Given
        bed.provision("hangs", 1);
        var stuck = new CountDownLatch(1);
        var before = new Notebook();
        RecordHandler<Action> hanging =
                (canary, action) -> {
                    before.handle(canary, action);
                    if (action.getReason().equals("event 1")) {
                        stuck.await();
                    }
                };

        // When
        var loops = both("hangs", hanging);
        publish("hangs", "event 1", "check 2", "event 3", "check 4");
        await().atMost(SOON).until(() -> before.entries.size() == 3);
        await().atMost(SOON).until(() -> loops.getFirst().metrics().inFlight() == 0);
        loops.forEach(loop -> loop.close(Duration.ZERO));

        // Then
        assertThat(before.entries).containsExactlyInAnyOrder("a event 1", "a check 2", "a check 4");
        var after = new Notebook();
        var again = both("hangs", after);
        await().atMost(SOON).until(() -> after.entries.size() == 2);
        publish("hangs", "check 5");
        await().atMost(SOON).until(() -> after.entries.size() == 3);
        RecordLoop.closeAll(again.getFirst(), again.getLast());
        assertThat(after.entries)
                .containsExactlyInAnyOrder("a event 1", "a event 3", "a check 5")
                .containsSubsequence("a event 1", "a event 3");
    }

    @Test
    void whatWasHandledBeforeThereWereTwoGroupsIsNotHandledAgain() throws Exception {
        // Given
        bed.provision("upgraded", 1);
        var before = new Notebook();
        try (var one =
                RecordLoop.start(
                        bed.actions("upgraded"),
                        "test-upgraded",
                        "upgraded",
                        bed.settings(),
                        bed.outbox,
                        before)) {
            publish("upgraded", "event 1", "check 2", "event 3");
            await().atMost(SOON).until(() -> one.metrics().handled() == 3);
        }
        publish("upgraded", "event 4");

        // When
        var after = new Notebook();
        var loops = both("upgraded", after);
        publish("upgraded", "event 5", "check 6");
        await().atMost(SOON).until(() -> after.entries.size() == 3);
        RecordLoop.closeAll(loops.getFirst(), loops.getLast());

        // Then
        assertThat(before.entries).containsExactly("a event 1", "a check 2", "a event 3");
        assertThat(after.entries)
                .containsExactlyInAnyOrder("a event 4", "a event 5", "a check 6")
                .containsSubsequence("a event 4", "a event 5");
    }

    @Test
    void whileTheyAreQuickWhatFollowsThemComesAfterThem() throws Exception {
        // Given
        bed.provision("quick", 1);
        var notes = new Notebook();
        var loops = both(bed.settings(), bed.outbox, "quick", notes, SOON);

        // When
        publish("quick", "event 1", "check 2", "event 3", "check 4");
        await().atMost(SOON).until(() -> notes.entries.size() == 4);
        RecordLoop.closeAll(loops.getFirst(), loops.getLast());

        // Then
        assertThat(notes.entries)
                .containsSubsequence("a event 1", "a check 2", "a check 4")
                .containsSubsequence("a event 1", "a event 3", "a check 4");
    }

    @Test
    void whatNobodyCanReadIsSetAsideOnce() throws Exception {
        // Given
        bed.provision("unreadable", 1);
        var notes = new Notebook();
        var loops = both("unreadable", notes);

        // When
        bed.publish("unreadable", "unreadable/ns/a".getBytes(UTF_8), new byte[] {1, 2, 3});
        publish("unreadable", "event 1", "check 2");
        await().atMost(SOON).until(() -> notes.entries.size() == 2);
        RecordLoop.closeAll(loops.getFirst(), loops.getLast());

        // Then
        assertThat(loops).extracting(loop -> loop.metrics().setAside()).containsExactly(1L, 0L);
    }

    /** An installation whose rights are given by others, and not yet for the new group. */
    @Test
    void withoutTheRightToTheSecondGroupAllIsHandledInTheFirst(@TempDir Path data)
            throws Exception {
        // Given
        var accounts =
                new BrokerAccounts("admin", Map.of("admin", "word", "serinus-west", "other"));
        try (var broker = EmbeddedBroker.start(data, 0, accounts);
                var admin = Admin.create(config(broker, accounts, "admin"))) {
            LoopBed.provision(admin, "west", 1);
            admin.createAcls(rights("test-west")).all().get();
            var settings = new KafkaSettings(strings(config(broker, accounts, "serinus-west")));
            try (var outbox =
                    new KafkaOutbox(
                            new KafkaSettings(strings(config(broker, accounts, "admin"))),
                            "test")) {
                for (String reason : List.of("event 1", "check 2", "event 3")) {
                    outbox.send(
                            new Topics(settings).actions("west"),
                            CanaryKey.parse("west/ns/a"),
                            LoopBed.action("west", "a", reason));
                }
                var notes = new Notebook();

                // When
                var loops = both(settings, outbox, "west", notes);
                await().atMost(SOON).until(() -> notes.entries.size() == 3);

                // Then
                assertThat(notes.entries).containsExactly("a event 1", "a check 2", "a event 3");
                assertThat(loops).allMatch(RecordLoop::healthy);
                RecordLoop.closeAll(loops.getFirst(), loops.getLast());
            }
        }
    }

    @Test
    void whereTheRightToTheSecondGroupIsTakenAwayAllIsHandledInTheFirst(@TempDir Path data)
            throws Exception {
        // Given
        var accounts =
                new BrokerAccounts("admin", Map.of("admin", "word", "serinus-west", "other"));
        try (var broker = EmbeddedBroker.start(data, 0, accounts);
                var admin = Admin.create(config(broker, accounts, "admin"))) {
            LoopBed.provision(admin, "west", 1);
            admin.createAcls(rights("test-west", "test-west.events")).all().get();
            var settings = new KafkaSettings(strings(config(broker, accounts, "serinus-west")));
            try (var outbox =
                    new KafkaOutbox(
                            new KafkaSettings(strings(config(broker, accounts, "admin"))),
                            "test")) {
                var actions = new Topics(settings).actions("west");
                var canary = CanaryKey.parse("west/ns/a");
                var notes = new Notebook();
                var loops = both(settings, outbox, "west", notes);
                outbox.send(actions, canary, LoopBed.action("west", "a", "event 1"));
                await().atMost(SOON).until(() -> notes.entries.size() == 1);
                await().atMost(SOON).until(() -> loops.getFirst().metrics().inFlight() == 0);

                // When
                admin.deleteAcls(
                                rights("test-west.events").stream()
                                        .filter(it -> isOfAGroup(it.pattern()))
                                        .map(AclBinding::toFilter)
                                        .toList())
                        .all()
                        .get();
                await().atMost(SOON).until(() -> loops.getLast().isRefused());
                outbox.send(actions, canary, LoopBed.action("west", "a", "event 2"));
                await().atMost(SOON).until(() -> notes.entries.contains("a event 2"));

                // Then
                assertThat(loops).extracting(RecordLoop::isRefused).containsExactly(false, true);
                assertThat(loops).allMatch(RecordLoop::healthy);
                RecordLoop.closeAll(loops.getFirst(), loops.getLast());
            }
        }
    }

    private static List<RecordLoop<Action>> both(String cluster, RecordHandler<Action> handler) {
        return both(bed.settings(), bed.outbox, cluster, handler);
    }

    private static List<RecordLoop<Action>> both(
            KafkaSettings settings,
            KafkaOutbox outbox,
            String cluster,
            RecordHandler<Action> handler) {
        return both(settings, outbox, cluster, handler, Duration.ofMillis(100));
    }

    private static List<RecordLoop<Action>> both(
            KafkaSettings settings,
            KafkaOutbox outbox,
            String cluster,
            RecordHandler<Action> handler,
            Duration ordered) {
        return RecordLoop.startBoth(
                new Topics(settings).actions(cluster),
                "test-" + cluster,
                new Aside<>(
                        "test-" + cluster + ".events",
                        action -> action.getReason().startsWith("event"),
                        handler,
                        ordered),
                null,
                cluster,
                settings,
                outbox,
                handler);
    }

    private static void publish(String cluster, String... reasons) {
        for (String reason : reasons) {
            bed.publish(cluster, "a", reason);
        }
        bed.flush();
    }

    private static boolean isOfAGroup(ResourcePattern what) {
        return what.resourceType() == ResourceType.GROUP;
    }

    /** To read the topic in these groups: rights to the group beside are left out of some. */
    private static List<AclBinding> rights(String... groups) {
        return Stream.concat(
                        Stream.of(
                                new ResourcePattern(
                                        ResourceType.TOPIC,
                                        "serinus.west.actions",
                                        PatternType.LITERAL)),
                        Stream.of(groups)
                                .map(
                                        group ->
                                                new ResourcePattern(
                                                        ResourceType.GROUP,
                                                        group,
                                                        PatternType.LITERAL)))
                .map(
                        what ->
                                new AclBinding(
                                        what,
                                        new AccessControlEntry(
                                                "User:serinus-west",
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
