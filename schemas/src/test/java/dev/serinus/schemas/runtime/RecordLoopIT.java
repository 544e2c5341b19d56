package dev.serinus.schemas.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.runtime.LoopBed.Notebook;

import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

class RecordLoopIT {

    private static final Duration SOON = Duration.ofSeconds(30);
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
    void aSlowCanaryKeepsItsOrderAndHoldsUpNobodyElse() throws Exception {
        // Given: one partition, so that all wait in the same line
        bed.provision("slow", 1);
        var gate = new CountDownLatch(1);
        var notes = new Notebook();
        for (int i = 0; i < 20; i++) {
            bed.publish("slow", "snail", "n" + i);
            bed.publish("slow", "hare", "n" + i);
        }
        bed.flush();

        try (var loop =
                bed.loop(
                        "slow",
                        (canary, value) -> {
                            if (canary.name().equals("snail")) {
                                gate.await();
                            }
                            notes.handle(canary, value);
                        })) {
            // When
            await().atMost(SOON).until(() -> notes.of("hare").size() == 20);
            assertThat(notes.of("snail")).isEmpty();
            gate.countDown();
            await().atMost(SOON).until(() -> notes.of("snail").size() == 20);

            // Then
            assertThat(notes.of("hare")).isEqualTo(inOrder("hare", 20));
            assertThat(notes.of("snail")).isEqualTo(inOrder("snail", 20));
            assertThat(loop.healthy()).isTrue();
        }
    }

    @Test
    void whatWasNotHandledWhenTheLoopEndedIsDeliveredAgain() throws Exception {
        // Given
        bed.provision("again", 1);
        var begun = new Semaphore(0);
        bed.publish("again", "stuck", "n0");
        bed.publish("again", "other", "n0");
        bed.flush();
        var first = new Notebook();
        try (var loop =
                bed.loop(
                        "again",
                        (canary, value) -> {
                            first.handle(canary, value);
                            begun.release();
                            if (canary.name().equals("stuck")) {
                                Thread.sleep(Duration.ofMinutes(5));
                            }
                        })) {
            begun.acquire(2);
            assertThat(loop.metrics().inFlight()).isPositive();
            loop.close(Duration.ofMillis(200));
        }

        // When
        var second = new Notebook();
        try (var _ = bed.loop("again", second)) {
            // Then: the one before the low-water mark and all after it
            await().atMost(SOON).until(() -> second.entries.size() == 2);
            assertThat(second.entries).containsExactlyInAnyOrder("stuck n0", "other n0");
        }
    }

    @Test
    void whatWasHandledIsNotDeliveredAgain() throws Exception {
        // Given
        bed.provision("once", 3);
        bed.publish("once", "a", "n0");
        bed.flush();
        var first = new Notebook();
        try (var loop = bed.loop("once", first)) {
            await().atMost(SOON).until(() -> loop.metrics().handled() == 1);
        }

        // When
        bed.publish("once", "a", "n1");
        bed.flush();
        var second = new Notebook();
        try (var _ = bed.loop("once", second)) {
            await().atMost(SOON).until(() -> !second.entries.isEmpty());

            // Then
            assertThat(second.entries).containsExactly("a n1");
        }
    }

    @Test
    void whatCannotBeReadOrHandledIsSetAsideWithItsReasonAndTheRestGoesOn() throws Exception {
        // Given
        bed.provision("poison", 1);
        byte[] key = "poison/ns/a".getBytes(UTF_8);
        byte[] garbage = {1, 2, 3};
        bed.publish("poison", null, garbage);
        bed.publish("poison", "no canary".getBytes(UTF_8), garbage);
        bed.publish("poison", key, garbage);
        bed.publish("poison", key, null);
        bed.publish("poison", "elsewhere/ns/a".getBytes(UTF_8), garbage);
        bed.publish("poison", "a", "thrown");
        bed.publish("poison", "a", "good");
        bed.flush();
        var notes = new Notebook();

        // When
        try (var loop =
                bed.loop(
                        "poison",
                        (canary, value) -> {
                            if (value.getReason().equals("thrown")) {
                                throw new IllegalStateException("said by us");
                            }
                            notes.handle(canary, value);
                        })) {
            // Then
            var letters = bed.deadLetters("poison", 6);
            assertThat(notes.entries).containsExactly("a good");
            assertThat(letters)
                    .extracting(DeadLetter::getOffset)
                    .containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L, 5L);
            assertThat(letters)
                    .allSatisfy(
                            letter -> {
                                assertThat(letter.getTopic()).isEqualTo("serinus.poison.actions");
                                assertThat(letter.getService()).isEqualTo("test-poison");
                            });
            assertThat(reason(letters, 0)).contains("has no key");
            assertThat(reason(letters, 1)).contains("but found 'no canary'");
            assertThat(reason(letters, 2)).contains("neither registry wire format");
            assertThat(reason(letters, 3)).contains("has no value");
            assertThat(reason(letters, 4)).contains("names cluster 'elsewhere'");
            assertThat(reason(letters, 5))
                    .startsWith(
                            "java.lang.IllegalStateException: said by us at RecordLoopIT.java:");
            assertThat(letter(letters, 2).getKey()).isEqualTo(ByteBuffer.wrap(key));
            assertThat(letter(letters, 2).getValue()).isEqualTo(ByteBuffer.wrap(garbage));
            assertThat(loop.metrics().setAside()).isEqualTo(6);
        }
    }

    private static DeadLetter letter(List<DeadLetter> letters, long offset) {
        return letters.stream()
                .filter(letter -> letter.getOffset() == offset)
                .findFirst()
                .orElseThrow();
    }

    private static String reason(List<DeadLetter> letters, long offset) {
        return letter(letters, offset).getReason();
    }

    @Test
    void aRecordTooLargeToBeWrappedIsSetAsideWithTheBeginningOfItsValue() throws Exception {
        // Given
        bed.provision("large", 1);
        bed.publish("large", "large/ns/a".getBytes(UTF_8), new byte[1_048_400]);
        bed.flush();

        // When
        try (var _ = bed.loop("large", new Notebook())) {
            // Then
            var letter = bed.deadLetters("large", 1).getFirst();
            assertThat(letter.getValue().remaining()).isEqualTo(SetAside.VALUE_BEGINNING);
            assertThat(letter.getCutFrom()).isEqualTo(1_048_400);
            assertThat(letter.getReason()).endsWith("the record is too large for a letter");
        }
    }

    @Test
    void whatATransactionTookBackIsNeverSeen() throws Exception {
        // Given
        bed.provision("aborted", 1);
        var values = bed.actions("aborted").values().serializer();
        byte[] key = "aborted/ns/a".getBytes(UTF_8);
        try (var producer =
                new KafkaProducer<>(
                        Map.<String, Object>of(
                                "bootstrap.servers",
                                bed.bootstrapServers(),
                                "transactional.id",
                                "aborting"),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            var _ =
                    producer.send(
                            new ProducerRecord<>(
                                    "serinus.aborted.actions",
                                    key,
                                    values.serialize(
                                            "t", LoopBed.action("aborted", "a", "taken back"))));
            producer.flush();
            producer.abortTransaction();
        }
        bed.publish("aborted", "a", "committed");
        bed.flush();
        var notes = new Notebook();

        // When
        try (var _ = bed.loop("aborted", notes)) {
            await().atMost(SOON).until(() -> !notes.entries.isEmpty());

            // Then
            assertThat(notes.entries).containsExactly("a committed");
        }
    }

    @Test
    void takesInNoMoreThanItsBoundsWhileHandlersAreStuck() throws Exception {
        // Given
        bed.provision("full", 1);
        int records = 3_000;
        for (int i = 0; i < records; i++) {
            bed.publish("full", "key" + i % 1_500, "n" + i / 1_500);
        }
        bed.flush();
        var gate = new CountDownLatch(1);
        var running = new AtomicInteger();

        try (var loop =
                bed.loop(
                        "full",
                        (_, _) -> {
                            running.incrementAndGet();
                            gate.await();
                        })) {
            // When
            await().atMost(SOON)
                    .until(() -> loop.metrics().inFlight() >= Assignment.LIMITS.records());
            await().during(Duration.ofSeconds(1))
                    .until(() -> loop.metrics().inFlight() < Assignment.LIMITS.records() + 250);

            // Then
            assertThat(running).hasValueLessThan(Assignment.LIMITS.records() + 250);
            gate.countDown();
            await().atMost(SOON).until(() -> loop.metrics().handled() == records);
        }
    }

    @Test
    void manyCanariesAreHandledAndLeaveNothingBehind() throws Exception {
        // Given
        bed.provision("many", 12);
        int keys = 10_000;
        for (int i = 0; i < keys; i++) {
            bed.publish("many", "c" + i, "n0");
        }
        bed.flush();
        Set<String> seen = ConcurrentHashMap.newKeySet();

        // When
        try (var loop = bed.loop("many", (canary, _) -> seen.add(canary.name()))) {
            await().atMost(SOON).until(() -> seen.size() == keys);

            // Then
            await().atMost(SOON).until(() -> loop.metrics().inFlight() == 0);
            assertThat(loop.openLanes()).isZero();
        }
    }

    @Test
    void anotherProcessOfTheGroupTakesOverWithoutLossAndInOrder() throws Exception {
        // Given
        bed.provision("group", 6);
        var first = new Notebook();
        var second = new Notebook();
        try (var stays = bed.loop("group", first)) {
            await().atMost(SOON).until(() -> stays.metrics().partitions() == 6);
            publishRounds("group", 0, 20);
            try (var joins = bed.loop("group", second)) {
                await().atMost(SOON)
                        .until(
                                () ->
                                        joins.metrics().partitions() == 3
                                                && stays.metrics().partitions() == 3);
                assertThat(IntStream.range(0, 6).filter(it -> stays.takes(it) == joins.takes(it)))
                        .as("partitions that both take, or neither")
                        .isEmpty();
                publishRounds("group", 20, 40);
                await().atMost(SOON).until(() -> !second.entries.isEmpty());
            }

            // When
            publishRounds("group", 40, 60);
            await().atMost(SOON).until(() -> stays.metrics().partitions() == 6);
            await().atMost(SOON).until(() -> union(first, second).size() == 10 * 60);
        }

        // Then
        for (int key = 0; key < 10; key++) {
            assertInOrder(first.of("k" + key));
            assertInOrder(second.of("k" + key));
        }
    }

    private static Set<String> union(Notebook... notebooks) {
        Set<String> all = new HashSet<>();
        for (Notebook each : notebooks) {
            all.addAll(each.entries);
        }
        return all;
    }

    private static void publishRounds(String cluster, int from, int to) {
        for (int round = from; round < to; round++) {
            for (int key = 0; key < 10; key++) {
                bed.publish(cluster, "k" + key, "n" + round);
            }
        }
        bed.flush();
    }

    /** A record may come again after a hand-over, but never before one that was sent earlier. */
    private static void assertInOrder(List<String> entries) {
        var numbers =
                entries.stream()
                        .map(e -> Integer.parseInt(e.substring(e.indexOf(" n") + 2)))
                        .toList();
        var firsts = numbers.stream().distinct().toList();
        var sorted = firsts.stream().sorted().toList();
        assertThat(firsts).isEqualTo(sorted);
    }

    @Test
    void findsATopicThatIsMadeLater() throws Exception {
        // Given
        var notes = new Notebook();
        try (var loop = bed.loop("later", notes)) {
            await().atMost(SOON).until(loop::healthy);

            // When
            bed.provision("later", 1);
            bed.publish("later", "a", "n0");

            // Then
            await().atMost(SOON).until(() -> notes.entries.contains("a n0"));
        }
    }

    private static List<String> inOrder(String name, int count) {
        return IntStream.range(0, count).mapToObj(i -> name + " n" + i).toList();
    }
}
