package dev.serinus.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.runtime.Topics;
import dev.serinus.schemas.topic.CanaryKey;
import dev.serinus.schemas.topic.Topic;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** The wire format against a real registry, with a hand-written client as the other side. */
@TestMethodOrder(OrderAnnotation.class)
class RegistryIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Action ACTION =
            Action.newBuilder()
                    .setCanary("c/shop/cart")
                    .setActor("ada")
                    .setAskedAt(Instant.ofEpochMilli(1_000))
                    .setAction(ActionKind.RETRY)
                    .setReason("once more")
                    .build();

    @TempDir static Path directory;
    private static RegistryProcess registry;

    @BeforeAll
    static void start() throws Exception {
        registry = RegistryProcess.start(directory);
        // Its first answers may take longer than anybody waits for them.
        await().atMost(Duration.ofSeconds(30))
                .ignoreExceptionsInstanceOf(RegistryAway.class)
                .until(() -> write(actions("warm", true)).length > 0);
    }

    @AfterAll
    static void stop() {
        registry.close();
    }

    @Test
    void writesAnIdOfTheRegistryAndReadsItBack() throws Exception {
        // Given
        var topic = actions("roundtrip", true);

        // When
        byte[] bytes = write(topic);

        // Then
        assertThat(bytes[0]).isZero();
        assertThat(read(topic, bytes)).isEqualTo(ACTION);
        var registered = registry.request("GET", subject("roundtrip") + "/versions/1", "");
        assertThat(JSON.readTree(registered.body()).path("id").asInt()).isEqualTo(id(bytes));
    }

    @Test
    void registersNothingUnlessToldToAndGoesOnOnceSomebodyDid() throws Exception {
        // Given
        var topic = actions("strict", false);
        assertThatThrownBy(() -> write(topic))
                .isInstanceOf(RegistryAway.class)
                .hasMessageContaining(
                        "subject serinus.strict.actions-dev.serinus.schemas.events.Action");
        assertThat(registry.request("GET", subject("strict") + "/versions", "").statusCode())
                .isEqualTo(404);

        // When
        register("strict", Action.SCHEMA$);

        // Then
        assertThat(read(topic, write(topic))).isEqualTo(ACTION);
    }

    @Test
    void aClientOfTheSameFormatReadsWhatWeWrite() throws Exception {
        // When
        byte[] bytes = write(actions("read-by-others", true));

        // Then
        var answer = registry.request("GET", "/schemas/ids/" + id(bytes), "");
        var schema =
                new Schema.Parser().parse(JSON.readTree(answer.body()).path("schema").asText());
        var decoder = DecoderFactory.get().binaryDecoder(bytes, 5, bytes.length - 5, null);
        GenericRecord read = new GenericDatumReader<GenericRecord>(schema).read(null, decoder);
        assertThat(read.get("canary")).hasToString("c/shop/cart");
        assertThat(read.get("askedAt")).isEqualTo(1_000L);
        assertThat(read.get("action")).hasToString("RETRY");
    }

    @Test
    void readsWhatAClientOfTheSameFormatWroteWithAnOlderSchema() throws Exception {
        // Given
        byte[] bytes = OlderAction.write(registry, ACTION, "written-by-others");

        // Then
        var topic = actions("written-by-others", false);
        assertThat(read(topic, bytes)).isEqualTo(ACTION);
    }

    @Test
    void readsBothFormatsOnOneTopic() {
        // Given
        var withRegistry = actions("mixed", true);
        var without = new Topics(KafkaSettings.at("localhost:1")).actions("mixed");

        // Then
        assertThat(read(withRegistry, write(withRegistry))).isEqualTo(ACTION);
        assertThat(read(withRegistry, write(without))).isEqualTo(ACTION);
    }

    @Test
    void anIdThatTheRegistryDoesNotKnowIsRefused() {
        // Given
        byte[] bytes = {0, 0x7f, 0, 0, 1, 2};

        // Then
        assertThatThrownBy(() -> read(actions("unknown", true), bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("knows no schema with id 2130706433");
    }

    @Test
    @Order(Integer.MAX_VALUE) // it ends the registry
    void aRegistryThatGoesAwayStopsNothingThatIsKnown() throws Exception {
        // Given: one topic in use, one that is only expected to be used, one unheard of
        var used = actions("used", false);
        register("used", Action.SCHEMA$);
        byte[] neverSeen = write(used);
        neverSeen[1] = 1;
        register("expected", Action.SCHEMA$);
        var expected = actions("expected", false);
        var newcomer = actions("newcomer", false);
        var known = SchemaRegistry.of(settings(false).properties()).orElseThrow();
        await().atMost(Duration.ofSeconds(20))
                .until(() -> known.knows(subjectName("expected"), Action.SCHEMA$));

        // When
        registry.close();

        // Then
        assertThat(read(used, write(used))).isEqualTo(ACTION);
        assertThat(read(expected, write(expected))).isEqualTo(ACTION);
        assertThatThrownBy(() -> write(newcomer)).isInstanceOf(RegistryAway.class);
        assertThatThrownBy(() -> read(used, neverSeen)).isInstanceOf(RegistryAway.class);
    }

    private static KafkaSettings settings(boolean autoRegister) {
        return new KafkaSettings(
                Map.of(
                        "bootstrap.servers",
                        "localhost:1",
                        "schema.registry.url",
                        registry.url(),
                        "auto.register.schemas",
                        Boolean.toString(autoRegister)));
    }

    private static Topic<CanaryKey, Action> actions(String cluster, boolean autoRegister) {
        return new Topics(settings(autoRegister)).actions(cluster);
    }

    private static byte[] write(Topic<CanaryKey, Action> topic) {
        return topic.values().serializer().serialize(topic.name(), ACTION);
    }

    private static Action read(Topic<CanaryKey, Action> topic, byte[] bytes) {
        return topic.values().deserializer().deserialize(topic.name(), bytes);
    }

    private static int id(byte[] bytes) {
        return ByteBuffer.wrap(bytes).getInt(1);
    }

    private static String subject(String cluster) {
        return "/subjects/" + subjectName(cluster);
    }

    private static String subjectName(String cluster) {
        return "serinus." + cluster + ".actions-dev.serinus.schemas.events.Action";
    }

    private static int register(String cluster, Schema schema) throws Exception {
        var body = JSON.createObjectNode().put("schema", schema.toString()).toString();
        var answer = registry.request("POST", subject(cluster) + "/versions", body);
        assertThat(answer.statusCode()).isEqualTo(200);
        return JSON.readTree(answer.body()).path("id").asInt();
    }
}
