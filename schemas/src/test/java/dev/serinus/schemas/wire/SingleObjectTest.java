package dev.serinus.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.events.ActionKind;
import dev.serinus.schemas.events.Change;
import dev.serinus.schemas.events.JournalEntry;
import dev.serinus.schemas.runtime.KafkaSettings;

import org.apache.avro.SchemaNormalization;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.serialization.Serde;
import org.junit.jupiter.api.Test;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.Arrays;

class SingleObjectTest {

    private static final String TOPIC = "serinus.east.actions";
    private static final Action ACTION =
            Action.newBuilder()
                    .setCanary("east/shop/cart")
                    .setActor("ada")
                    .setAskedAt(Instant.parse("2026-11-01T10:00:00.123Z"))
                    .setAction(ActionKind.PAUSE)
                    .setReason("a look first")
                    .build();
    private final Serde<Action> serde = KafkaSettings.at("localhost:1").values(Action.class);

    @Test
    void readsBackWhatItWrote() {
        // When
        byte[] bytes = serde.serializer().serialize(TOPIC, ACTION);

        // Then
        assertThat(serde.deserializer().deserialize(TOPIC, bytes)).isEqualTo(ACTION);
    }

    @Test
    void readsBackTimesInsideNestedRecords() {
        // Given
        Serde<JournalEntry> journal = KafkaSettings.at("localhost:1").values(JournalEntry.class);
        var entry =
                JournalEntry.newBuilder()
                        .setCanary("east/shop/cart")
                        .setNumber(7)
                        .setAt(Instant.ofEpochMilli(5))
                        .setInput(ACTION)
                        .setDecision("d")
                        .build();

        // When
        byte[] bytes = journal.serializer().serialize("serinus.east.journal", entry);

        // Then
        assertThat(journal.deserializer().deserialize("serinus.east.journal", bytes))
                .isEqualTo(entry);
    }

    @Test
    void writesTheBytesOfAvrosOwnEncoder() throws Exception {
        // Given
        var avro = new BinaryMessageEncoder<Action>(ACTION.getSpecificData(), ACTION.getSchema());

        // When
        byte[] bytes = serde.serializer().serialize(TOPIC, ACTION);

        // Then
        assertThat(ByteBuffer.wrap(bytes)).isEqualTo(avro.encode(ACTION));
        assertThat(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(2))
                .isEqualTo(SchemaNormalization.parsingFingerprint64(Action.SCHEMA$));
    }

    @Test
    void refusesARecordOfAnotherType() {
        // Given
        Serde<SpecificRecord> changes = KafkaSettings.at("localhost:1").values(Change.class);
        byte[] bytes = serde.serializer().serialize(TOPIC, ACTION);

        // Then
        assertThatThrownBy(() -> changes.deserializer().deserialize("serinus.east.changes", bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessage(
                        "serinus.east.changes carries Change, but found a"
                                + " dev.serinus.schemas.events.Action");
    }

    @Test
    void refusesWhatIsCutOffTooLongOrUnknown() {
        // Given
        byte[] bytes = serde.serializer().serialize(TOPIC, ACTION);
        byte[] unknown = bytes.clone();
        unknown[5] ^= 1;

        // Then
        assertRefused(Arrays.copyOf(bytes, bytes.length - 1), "malformed");
        assertRefused(Arrays.copyOf(bytes, bytes.length + 1), "left over");
        assertThatThrownBy(() -> serde.deserializer().deserialize("serinus.rollouts", unknown))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining("fingerprint");
        assertRefused(new byte[0], "neither");
        assertRefused(
                "{\"json\": true}".getBytes(java.nio.charset.StandardCharsets.UTF_8), "neither");
    }

    private void assertRefused(byte[] bytes, String because) {
        assertThatThrownBy(() -> serde.deserializer().deserialize(TOPIC, bytes))
                .isInstanceOf(SerializationException.class)
                .hasMessageContaining(because);
    }

    @Test
    void aTombstoneStaysOne() {
        assertThat(serde.serializer().serialize(TOPIC, null)).isNull();
        assertThat(serde.deserializer().deserialize(TOPIC, null)).isNull();
    }
}
