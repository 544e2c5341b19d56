package dev.serinus.analysis;

import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The same for Avro records: one with every field set, and those that differ in one leaf. */
public final class AvroSamples {

    private int count;

    /** A record with every field set, unions to their first branch that is not null. */
    public <T extends SpecificRecord> T of(Class<T> type) {
        Schema schema = SpecificData.get().getSchema(type);
        return type.cast(SpecificData.get().deepCopy(schema, make(schema)));
    }

    private Object make(Schema schema) {
        count++;
        return switch (schema.getType()) {
            case RECORD -> {
                IndexedRecord record = (IndexedRecord) SpecificData.get().newRecord(null, schema);
                schema.getFields().forEach(each -> record.put(each.pos(), make(each.schema())));
                yield record;
            }
            case UNION ->
                    make(
                            schema.getTypes().stream()
                                    .filter(each -> each.getType() != Schema.Type.NULL)
                                    .findFirst()
                                    .orElseThrow());
            case ARRAY -> new ArrayList<>(List.of(make(schema.getElementType())));
            case MAP -> new LinkedHashMap<>(Map.of("key" + count, make(schema.getValueType())));
            case ENUM -> SpecificData.get().createEnum(schema.getEnumSymbols().getFirst(), schema);
            case STRING -> "text" + count;
            case INT -> count % 90;
            case LONG ->
                    schema.getLogicalType() == null
                            ? (Object) (long) count
                            : Instant.ofEpochMilli(count);
            case BOOLEAN -> true;
            case DOUBLE -> 0.4 / (1 + count); // also a probability
            default -> throw new IllegalArgumentException("no sample of " + schema);
        };
    }

    /** Every record that differs from this one in one leaf, by the leaf's path. */
    public static Map<String, SpecificRecord> variants(SpecificRecord record) {
        Map<String, SpecificRecord> variants = new LinkedHashMap<>();
        others(record.getSchema(), record)
                .forEach((path, other) -> variants.put(path, (SpecificRecord) other));
        return variants;
    }

    private static Map<String, Object> others(Schema schema, Object value) {
        Map<String, Object> others = new LinkedHashMap<>();
        switch (value) {
            case IndexedRecord record ->
                    record.getSchema()
                            .getFields()
                            .forEach(
                                    field ->
                                            others(field.schema(), record.get(field.pos()))
                                                    .forEach(
                                                            (path, other) ->
                                                                    others.put(
                                                                            "."
                                                                                    + field.name()
                                                                                    + path,
                                                                            with(
                                                                                    record, field,
                                                                                    other))));
            case List<?> list ->
                    others(branch(schema, Schema.Type.ARRAY).getElementType(), list.getFirst())
                            .forEach((path, other) -> others.put("[]" + path, List.of(other)));
            case Map<?, ?> map -> others.put("", Map.of("another", map.values().iterator().next()));
            case Enum<?> constant -> {
                List<?> all = List.of(constant.getDeclaringClass().getEnumConstants());
                others.put("", all.get((all.indexOf(constant) + 1) % all.size()));
            }
            case String text -> others.put("", text + "x");
            case Integer number -> others.put("", number + 1);
            case Long number -> others.put("", number + 1);
            case Instant at -> others.put("", at.plusMillis(1));
            case Boolean bool -> others.put("", !bool);
            case Double number -> others.put("", number / 2);
            default -> throw new IllegalArgumentException("no other " + value.getClass());
        }
        return others;
    }

    private static Schema branch(Schema schema, Schema.Type type) {
        return schema.getType() != Schema.Type.UNION
                ? schema
                : schema.getTypes().stream()
                        .filter(each -> each.getType() == type)
                        .findFirst()
                        .orElseThrow();
    }

    private static IndexedRecord with(IndexedRecord record, Schema.Field field, Object value) {
        IndexedRecord copy = SpecificData.get().deepCopy(record.getSchema(), record);
        copy.put(field.pos(), value);
        return copy;
    }
}
