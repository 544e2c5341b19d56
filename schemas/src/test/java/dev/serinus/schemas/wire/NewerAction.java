package dev.serinus.schemas.wire;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.runtime.KafkaSettings;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** An action as a later version writes it without a registry, with a field more. */
public final class NewerAction {

    private static final Schema NEWER = newer();

    private NewerAction() {}

    /** Puts the schema where such a version puts it for this cluster. */
    public static void tell(KafkaSettings settings, String cluster) throws InterruptedException {
        var serializer = (AvroSerializer<?>) settings.values().serializer();
        serializer.tell(cluster, List.of(NEWER));
    }

    /** The record's bytes: header, then Avro binary. */
    public static byte[] write(Action action) throws Exception {
        var record = new GenericData.Record(NEWER);
        for (Schema.Field field : Action.SCHEMA$.getFields()) {
            record.put(field.name(), plain(field, action.get(field.pos())));
        }
        record.put("urgency", "high");
        var out = new ByteArrayOutputStream();
        out.writeBytes(SingleObject.header(NEWER));
        var encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(NEWER).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static Object plain(Schema.Field field, Object value) {
        return switch (value) {
            case Instant time -> time.toEpochMilli();
            case Enum<?> word -> new GenericData.EnumSymbol(field.schema(), word.name());
            case null, default -> value;
        };
    }

    private static Schema newer() {
        List<Schema.Field> fields = new ArrayList<>();
        for (Schema.Field field : Action.SCHEMA$.getFields()) {
            fields.add(new Schema.Field(field, field.schema()));
        }
        fields.add(new Schema.Field("urgency", Schema.create(Schema.Type.STRING), "How soon.", ""));
        return Schema.createRecord(
                "Action", "An action.", Action.SCHEMA$.getNamespace(), false, fields);
    }
}
