package dev.serinus.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.Change;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.SchemaNormalization;
import org.apache.kafka.common.errors.SerializationException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** What one cluster's account can cost the others by records of schemas that it makes up. */
class SchemaTopicTest {

    private static final String TOPIC = "serinus.eu.actions";

    private final Shelf shelf = new Shelf();
    private final AtomicLong now = new AtomicLong();
    private final SchemaTopic schemas = new SchemaTopic(shelf, now::get);

    @Test
    void oneLookFindsAllThatIsThere() {
        // Given
        List<Schema> newer = LongStream.range(0, 30).mapToObj(SchemaTopicTest::newer).toList();
        newer.forEach(shelf::put);

        // When
        newer.forEach(each -> assertThat(schemas.writer(TOPIC, fingerprint(each))).isEqualTo(each));

        // Then
        assertThat(shelf.looks).hasValue(1);
    }

    @Test
    void madeUpSchemasAreLookedForSoOftenInAMinute() {
        // When
        LongStream.range(0, 200).forEach(this::assertRefused);

        // Then
        assertThat(shelf.looks).hasValue(ToldSchemas.LOOKS);
        shelf.put(newer(1));
        assertRefused(fingerprint(newer(1)));
        now.addAndGet(ToldSchemas.WINDOW.toNanos() + 1);
        assertThat(schemas.writer(TOPIC, fingerprint(newer(1)))).isEqualTo(newer(1));
    }

    @Test
    void anotherClustersSchemasAreFoundMeanwhile() {
        // Given
        LongStream.range(0, 200).forEach(this::assertRefused);
        shelf.put(newer(1));

        // Then
        assertThat(schemas.writer("serinus.us.actions", fingerprint(newer(1)))).isEqualTo(newer(1));
    }

    @Test
    void looksThatTakeLongAreFewer() {
        // Given
        shelf.takes(() -> now.addAndGet(ToldSchemas.SPENT.toNanos() / 2));

        // When
        LongStream.range(0, 200).forEach(this::assertRefused);

        // Then
        assertThat(shelf.looks).hasValue(2);
    }

    @Test
    void aLookThatTookLongerThanAnyoneWaitedIsTheAnswerOfTheNextTry() {
        // Given
        var goOn = new CountDownLatch(1);
        shelf.put(newer(1));
        shelf.takes(() -> await(goOn));
        assertAway(fingerprint(newer(1)));
        assertAway(77);

        // When
        goOn.countDown();

        // Then
        Awaitility.await()
                .ignoreExceptionsInstanceOf(RegistryAway.class)
                .untilAsserted(
                        () ->
                                assertThat(schemas.writer(TOPIC, fingerprint(newer(1))))
                                        .isEqualTo(newer(1)));
        assertRefusedInTheEnd(77);
        assertThat(shelf.looks.get()).isLessThanOrEqualTo(2);
    }

    @Test
    void aTopicThatCannotBeReadIsTriedAgainInSecondsAndRecordsWait() {
        // Given
        shelf.takes(
                () -> {
                    throw new RegistryAway("no answer");
                });
        LongStream.range(0, ToldSchemas.ASKED).forEach(this::assertAway);
        assertThat(shelf.looks).hasValue(1);

        // When
        now.addAndGet(ToldSchemas.REST.toNanos());

        // Then
        LongStream.range(0, ToldSchemas.ASKED).forEach(this::assertAway);
        assertThat(shelf.looks).hasValue(2);
        assertRefused(ToldSchemas.ASKED);
        shelf.takes(() -> {});
        shelf.put(newer(1));
        now.addAndGet(ToldSchemas.WINDOW.toNanos() + 1);
        assertThat(schemas.writer(TOPIC, fingerprint(newer(1)))).isEqualTo(newer(1));
    }

    @Test
    void ofWhatIsToldOnlySoMuchIsKeptAndNothingThatNoRecordOfOursIs() {
        // Given
        Schema foreign = SchemaBuilder.record("some.Thing").fields().endRecord();
        shelf.put(foreign);
        List<Schema> newer = new ArrayList<>();
        LongStream.range(0, 3L * ToldSchemas.KEPT)
                .mapToObj(SchemaTopicTest::newer)
                .forEach(newer::add);
        newer.forEach(shelf::put);

        // When
        long read = newer.stream().filter(each -> isFound(fingerprint(each))).count();

        // Then
        assertThat(read).isEqualTo(ToldSchemas.KEPT);
        assertRefused(fingerprint(foreign));
    }

    @Test
    void aStartPutsOnlyWhatIsNotThereYet() throws Exception {
        // Given
        schemas.publish("eu", List.of(Action.SCHEMA$));
        assertThat(shelf.written).containsExactly(Action.SCHEMA$);

        // When
        var started = new SchemaTopic(shelf, now::get);
        started.publish("eu", List.of(Action.SCHEMA$));
        started.publish("eu", List.of(Action.SCHEMA$, Change.SCHEMA$));
        started.publish("eu", List.of(Change.SCHEMA$));

        // Then
        assertThat(shelf.written).containsExactly(Action.SCHEMA$, Change.SCHEMA$);
        assertThat(shelf.looks).as("one of each process").hasValue(2);
    }

    @Test
    void whereNobodyCanSayWhatIsThereItIsPutThere() throws Exception {
        // Given
        shelf.put(Action.SCHEMA$);
        shelf.takes(
                () -> {
                    throw new RegistryAway("no answer");
                });

        // When
        schemas.publish("eu", List.of(Action.SCHEMA$));

        // Then
        assertThat(shelf.written).containsExactly(Action.SCHEMA$);
    }

    private boolean isFound(long fingerprint) {
        try {
            schemas.writer(TOPIC, fingerprint);
            return true;
        } catch (SerializationException refused) {
            return false;
        }
    }

    private void assertRefused(long fingerprint) {
        assertThatExceptionOfType(SerializationException.class)
                .isThrownBy(() -> schemas.writer(TOPIC, fingerprint));
    }

    private void assertAway(long fingerprint) {
        assertThatExceptionOfType(RegistryAway.class)
                .isThrownBy(() -> schemas.writer(TOPIC, fingerprint));
    }

    /** The thread that looks may not have ended yet when it has answered. */
    private void assertRefusedInTheEnd(long fingerprint) {
        Awaitility.await().untilAsserted(() -> assertRefused(fingerprint));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** An action as some later version has it. */
    private static Schema newer(long number) {
        List<Schema.Field> fields = new ArrayList<>();
        Action.SCHEMA$
                .getFields()
                .forEach(each -> fields.add(new Schema.Field(each, each.schema())));
        fields.add(
                new Schema.Field(
                        "later" + number, Schema.create(Schema.Type.STRING), "Later.", ""));
        return Schema.createRecord(
                "Action", "An action.", Action.SCHEMA$.getNamespace(), false, fields);
    }

    private static long fingerprint(Schema schema) {
        return SchemaNormalization.parsingFingerprint64(schema);
    }

    /** Schemas in memory, of all clusters alike, that counts who looks. */
    private static final class Shelf implements SchemaLog {

        private final ConcurrentMap<Long, Schema> all = new ConcurrentHashMap<>();
        private final List<Schema> written = new CopyOnWriteArrayList<>();
        private final AtomicInteger looks = new AtomicInteger();
        private volatile Runnable taking = () -> {};

        void put(Schema schema) {
            all.put(fingerprint(schema), schema);
        }

        void takes(Runnable some) {
            taking = some;
        }

        @Override
        public void read(String topic, Found found) {
            looks.incrementAndGet();
            Map<Long, Schema> there = new TreeMap<>(all);
            taking.run();
            there.forEach(found::schema);
        }

        @Override
        public boolean write(String topic, List<Schema> schemas) {
            schemas.forEach(this::put);
            written.addAll(schemas);
            return true;
        }
    }
}
