package dev.serinus.schemas.wire;

import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.schemas.events.Action;
import dev.serinus.schemas.topic.TopicKind;

import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/**
 * An action as another client of the registry wrote it, before the field {@code run} was added: no
 * client of ours knows the id of its schema without asking.
 */
public final class OlderAction {

    private static final Schema KIND = Action.SCHEMA$.getField("action").schema();
    private static final Schema OLDER =
            SchemaBuilder.record("Action")
                    .namespace("dev.serinus.schemas.events")
                    .fields()
                    .requiredString("canary")
                    .requiredString("actor")
                    .requiredLong("askedAt")
                    .name("action")
                    .type(KIND)
                    .noDefault()
                    .requiredString("reason")
                    .endRecord();

    private OlderAction() {}

    /** Registers the schema for the actions of a cluster, and writes one with it. */
    public static byte[] write(RegistryProcess registry, Action action, String cluster)
            throws Exception {
        var json = new ObjectMapper();
        var answer =
                registry.request(
                        "POST",
                        "/subjects/%s-%s/versions"
                                .formatted(TopicKind.ACTIONS.name(cluster), OLDER.getFullName()),
                        json.createObjectNode().put("schema", OLDER.toString()).toString());
        int id = json.readTree(answer.body()).path("id").asInt();
        var record = new GenericData.Record(OLDER);
        record.put("canary", action.getCanary());
        record.put("actor", action.getActor());
        record.put("askedAt", action.getAskedAt().toEpochMilli());
        record.put("action", new GenericData.EnumSymbol(KIND, action.getAction().name()));
        record.put("reason", action.getReason());
        var out = new ByteArrayOutputStream();
        out.write(0);
        out.writeBytes(ByteBuffer.allocate(4).putInt(id).array());
        var encoder = EncoderFactory.get().binaryEncoder(out, null);
        new GenericDatumWriter<>(OLDER).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }
}
