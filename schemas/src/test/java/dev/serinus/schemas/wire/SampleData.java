package dev.serinus.schemas.wire;

import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** A datum of any schema in which nothing that may be there is absent. */
final class SampleData {

    private SampleData() {}

    static Object of(Schema schema) {
        return switch (schema.getType()) {
            case RECORD -> record(schema);
            case ENUM -> new GenericData.EnumSymbol(schema, schema.getEnumSymbols().getLast());
            case ARRAY -> List.of(of(schema.getElementType()));
            case MAP -> Map.of("key", of(schema.getValueType()));
            case UNION -> of(schema.getTypes().getLast());
            case FIXED -> new GenericData.Fixed(schema, new byte[schema.getFixedSize()]);
            case STRING -> "text";
            case BYTES -> ByteBuffer.wrap(new byte[] {1, 2});
            case INT -> 3;
            case LONG -> 4L;
            case FLOAT -> 5f;
            case DOUBLE -> 6.5;
            case BOOLEAN -> true;
            case NULL ->
                    throw new IllegalArgumentException("null stands alone in no schema of ours");
        };
    }

    private static Object record(Schema schema) {
        var record = new GenericData.Record(schema);
        schema.getFields().forEach(field -> record.put(field.pos(), of(field.schema())));
        return record;
    }
}
