package dev.serinus.cli;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.broker.EmbeddedBroker;
import dev.serinus.cli.deadletters.DeadLettersCommand;
import dev.serinus.schemas.events.DeadLetter;
import dev.serinus.schemas.events.Measurement;
import dev.serinus.schemas.events.MeasurementOutcome;
import dev.serinus.schemas.events.MetricKind;
import dev.serinus.schemas.events.MetricResult;
import dev.serinus.schemas.events.StepId;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import picocli.CommandLine;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Records that were set aside, as people see and replay them, on a real broker. */
class DeadLettersCommandIT {

    private static final Instant AT = Instant.parse("2026-11-22T10:00:00Z");
    private static final String CHECKOUT = "production/shop/checkout";
    private static final String HEADER = "serinus-dead-letter";
    private static final String CART = "production/shop/cart";

    @TempDir static Path data;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static EmbeddedBroker broker;

    @SuppressWarnings("NullAway.Init") // set before all tests
    private static KafkaSettings kafka;

    @BeforeAll
    static void start() throws Exception {
        broker = EmbeddedBroker.start(data, 0);
        kafka = KafkaSettings.at(broker.bootstrapServers());
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(
                            Stream.of(
                                            TopicKind.DEAD_LETTERS,
                                            TopicKind.CHANGES,
                                            TopicKind.METRIC_RESULTS,
                                            TopicKind.ROUTER_COMMANDS)
                                    .map(kind -> kind.name("production"))
                                    .map(name -> new NewTopic(name, 1, (short) 1))
                                    .toList())
                    .all()
                    .get();
        }
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    @Test
    void areListedWithWhereTheyCameFromAndWhy() throws Exception {
        String first = letter(TopicKind.CHANGES, 7, CHECKOUT, "no schema\u001b[2J\u009b is known");
        String second = letter(TopicKind.ROUTER_COMMANDS, 3, null, "no key");

        var told = execute("list");

        assertThat(told.out())
                .contains(
                        first
                                + " 2026-11-22T10:00:00Z changes of production/shop/checkout, by"
                                + " analysis: no schema?[2J? is known")
                .contains(
                        second
                                + " 2026-11-22T10:00:00Z router-commands of no canary, by analysis:"
                                + " no key");
        assertThat(execute("list", "--canary", "shop/checkout").out())
                .contains(first + " ")
                .doesNotContain(second + " ");
        assertThat(execute("list", "--limit", "1").err()).contains("left out");
        assertThat(
                        new ObjectMapper()
                                .readTree(execute("list", "--json").out().lines().toList().get(0))
                                .path("id")
                                .asText())
                .startsWith("production/0/");
        assertThat(execute("list", "--cluster", "elsewhere").err()).contains("there are none");
    }

    @Test
    void aRecordThatCanBeReadByNowIsShownAsJsonAndReplayedByteByByte() throws Exception {
        byte[] value;
        var topic = new Topics(kafka).metricResults("production");
        try (var values = topic.values()) {
            value = values.serializer().serialize(topic.name(), result());
        }
        String id = letter(TopicKind.METRIC_RESULTS, 11, CHECKOUT, value, null, "unknown schema");

        assertThat(execute("show", id).out())
                .contains("from      serinus.production.metric-results, partition 0, offset 11")
                .contains("replay    yes: deploy/serinus dead-letters replay " + id)
                .contains("\"checkout-latency\"");
        assertThat(execute("replay", "--dry-run", id).out()).contains("would be put");
        assertThat(records(TopicKind.METRIC_RESULTS)).isEmpty();
        var replayed = execute("replay", id);

        assertThat(replayed.out())
                .isEqualTo(id + ": was put on serinus.production.metric-results\n");
        assertThat(replayed.code()).isZero();
        assertThat(records(TopicKind.METRIC_RESULTS))
                .singleElement()
                .satisfies(
                        record -> {
                            assertThat(record.key()).isEqualTo(CHECKOUT.getBytes(UTF_8));
                            assertThat(record.value()).isEqualTo(value);
                            assertThat(record.headers().lastHeader(HEADER).value())
                                    .isEqualTo(id.getBytes(UTF_8));
                        });
    }

    @Test
    void aFactIsReplayedWhileNoLaterOneOfItsCanaryCame() throws Exception {
        long lost = put(TopicKind.CHANGES, CART, "lost");
        String id = letter(TopicKind.CHANGES, lost, CART, "unknown schema");
        put(TopicKind.CHANGES, CHECKOUT, "of another canary");
        assertThat(execute("replay", "--dry-run", id).code()).isZero();

        put(TopicKind.CHANGES, CART, "newer");
        var refused = execute("replay", id);

        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.out()).contains(id + ": refused: later records told of the same canary");
        assertThat(records(TopicKind.CHANGES)).noneMatch(record -> isReplayed(record));
    }

    @Test
    void aFactOfWhichItIsNotKnownWhatCameLaterIsRefused() throws Exception {
        // An offset from before all that the topic keeps.
        put(TopicKind.CHANGES, CHECKOUT, "one");
        long lost = put(TopicKind.CHANGES, "production/shop/old", "lost");
        long after = put(TopicKind.CHANGES, CHECKOUT, "two");
        long last = put(TopicKind.CHANGES, CHECKOUT, "three");
        String id = letter(TopicKind.CHANGES, lost, "production/shop/old", "unknown schema");
        assertThat(execute("replay", "--dry-run", id).code()).isZero();
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.deleteRecords(
                            Map.of(
                                    new TopicPartition(TopicKind.CHANGES.name("production"), 0),
                                    RecordsToDelete.beforeOffset(last)))
                    .all()
                    .get();
        }
        assertThat(after).isLessThan(last);

        assertThat(execute("replay", "--dry-run", id).out()).contains("refused");
    }

    @Test
    void whatCouldUndoSomethingIsRefusedWithWhatToDoInstead() throws Exception {
        String command = letter(TopicKind.ROUTER_COMMANDS, 5, CHECKOUT, "failed");
        String cut = letter(TopicKind.METRIC_RESULTS, 6, CHECKOUT, new byte[10], 4_000_000, "x");

        var told = execute("replay", command, cut, "production/0/99999999");

        assertThat(told.code()).isEqualTo(3);
        assertThat(told.out())
                .contains(command + ": refused: what is on router-commands is asked again")
                .contains(cut + ": refused: the letter has only the beginning");
        assertThat(told.err()).contains("production/0/99999999: there is no such letter");
        assertThat(records(TopicKind.ROUTER_COMMANDS)).isEmpty();
    }

    /** Whoever may write letters of one cluster chooses what stands in them. */
    @Test
    void aLetterOfOneClusterWritesNothingToAnother() throws Exception {
        try (var admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createTopics(
                            List.of(
                                    new NewTopic(
                                            TopicKind.METRIC_RESULTS.name("elsewhere"),
                                            1,
                                            (short) 1)))
                    .all()
                    .get();
        }
        String topic =
                letter(
                        TopicKind.METRIC_RESULTS.name("elsewhere"),
                        5,
                        CHECKOUT,
                        new byte[1],
                        null,
                        "x");
        String key =
                letter(
                        TopicKind.METRIC_RESULTS.name("production"),
                        5,
                        "elsewhere/shop/cart",
                        new byte[1],
                        null,
                        "x");

        var told = execute("replay", topic, key);

        assertThat(told.code()).isEqualTo(1);
        assertThat(told.out())
                .contains(topic + ": refused: 'serinus.elsewhere.metric-results' is no topic of")
                .contains(key + ": refused: its key names 'elsewhere/shop/cart'");
        assertThat(execute("show", topic).out()).contains("replay    no: ");
        assertThat(records(TopicKind.METRIC_RESULTS.name("elsewhere"))).isEmpty();
    }

    /** Whoever paused or resumed something then may want the contrary now. */
    @Test
    void whatPeopleWishedForIsNotWishedForAgain() throws Exception {
        String action = letter(TopicKind.ACTIONS, 5, CHECKOUT, "unknown schema");
        String alert = letter(TopicKind.ALERTS, 5, CHECKOUT, "refused"); // of 2026-11-22

        var told = execute("replay", action, alert);

        assertThat(told.code()).isEqualTo(1);
        assertThat(told.out())
                .contains(action + ": refused: what somebody wished for then")
                .contains(alert + ": refused: it is older than 7 days");
    }

    @Test
    void aLetterThatCannotBeReadItselfIsToldLikeAnyOther() throws Exception {
        String id = "production/0/" + put(TopicKind.DEAD_LETTERS, CHECKOUT, "no Avro");

        assertThat(execute("list").out())
                .contains(id + " ")
                .contains("of production/shop/checkout, by serinus: the letter itself cannot be");
        assertThat(execute("show", id).out())
                .contains("replay    no: ", "6e6f204176726f"); // its bytes
    }

    @Test
    void allNamesThatAreNoneAreToldAtOnce() {
        var told = execute("replay", "x", "a/b/c", "production/0/1");

        assertThat(told.code()).isEqualTo(2);
        assertThat(told.err()).contains("'x' names no dead letter", "'a/b/c' names no dead letter");
    }

    // ---- what it takes

    private static boolean isReplayed(ConsumerRecord<byte[], byte[]> record) {
        return record.headers().lastHeader(HEADER) != null;
    }

    private static MetricResult result() {
        return MetricResult.newBuilder()
                .setCanary(CHECKOUT)
                .setStep(new StepId("uid", 1L, 1L, 1))
                .setGeneration(1)
                .setMeasurements(
                        List.of(
                                Measurement.newBuilder()
                                        .setIndex(0)
                                        .setMetric("checkout-latency")
                                        .setKind(MetricKind.INLINE)
                                        .setOutcome(MeasurementOutcome.VALUE)
                                        .setValue(12.5)
                                        .build()))
                .setAnsweredAt(AT)
                .build();
    }

    private static String letter(TopicKind from, long offset, @Nullable String key, String reason)
            throws Exception {
        return letter(from, offset, key, new byte[] {1, 2, 3}, null, reason);
    }

    private static String letter(
            TopicKind from,
            long offset,
            @Nullable String key,
            byte[] value,
            @Nullable Integer cutFrom,
            String reason)
            throws Exception {
        return letter(from.name("production"), offset, key, value, cutFrom, reason);
    }

    private static String letter(
            String from,
            long offset,
            @Nullable String key,
            byte[] value,
            @Nullable Integer cutFrom,
            String reason)
            throws Exception {
        var topic = new Topics(kafka).deadLetters("production");
        var letter =
                DeadLetter.newBuilder()
                        .setTopic(from)
                        .setPartition(0)
                        .setOffset(offset)
                        .setKey(key == null ? null : ByteBuffer.wrap(key.getBytes(UTF_8)))
                        .setValue(ByteBuffer.wrap(value))
                        .setCutFrom(cutFrom)
                        .setService("analysis")
                        .setReason(reason)
                        .setAt(AT)
                        .build();
        try (var producer =
                new KafkaProducer<>(
                        kafka.with(Map.of()),
                        topic.keys().serializer(),
                        topic.values().serializer())) {
            var canary =
                    key == null || !key.startsWith("production/")
                            ? new CanaryKey("production", "unknown", "unknown")
                            : CanaryKey.parse(key);
            return "production/0/"
                    + producer.send(new ProducerRecord<>(topic.name(), canary, letter))
                            .get()
                            .offset();
        }
    }

    private static long put(TopicKind kind, String key, String value) throws Exception {
        try (var producer =
                new KafkaProducer<>(
                        kafka.with(Map.of()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            return producer.send(
                            new ProducerRecord<>(
                                    kind.name("production"),
                                    key.getBytes(UTF_8),
                                    value.getBytes(UTF_8)))
                    .get()
                    .offset();
        }
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(TopicKind kind) {
        return records(kind.name("production"));
    }

    private static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        var place = new TopicPartition(topic, 0);
        try (var consumer =
                new KafkaConsumer<>(
                        kafka.with(Map.of()),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            consumer.assign(List.of(place));
            consumer.seekToBeginning(List.of(place));
            long end = consumer.endOffsets(List.of(place)).getOrDefault(place, 0L);
            while (consumer.position(place) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(found::add);
            }
        }
        return found;
    }

    private record Told(int code, String out, String err) {}

    private static Told execute(String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        var line =
                new CommandLine(new DeadLettersCommand())
                        .setOut(new PrintWriter(out, true))
                        .setErr(new PrintWriter(err, true));
        Main.prepare(line);
        int code =
                line.execute(
                        Stream.concat(
                                        Stream.of(arguments),
                                        Stream.of("--bootstrap-servers", broker.bootstrapServers()))
                                .toArray(String[]::new));
        return new Told(code, out.toString(), err.toString());
    }
}
