package dev.serinus.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

class SchemaDocsTest {

    @Test
    void everyTypeAndEveryFieldIsDocumented() {
        // Given
        List<String> bare = new ArrayList<>();
        Set<String> seen = new HashSet<>();

        // When
        KnownSchemas.present().forEach(schema -> collect(schema, seen, bare));

        // Then
        assertThat(seen).hasSizeGreaterThan(KnownSchemas.present().size());
        assertThat(bare).isEmpty();
    }

    private static void collect(Schema schema, Set<String> seen, List<String> bare) {
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    note(schema.getDoc(), schema.getName(), bare);
                    for (Schema.Field field : schema.getFields()) {
                        note(field.doc(), schema.getName() + "." + field.name(), bare);
                        collect(field.schema(), seen, bare);
                    }
                }
            }
            case ENUM -> {
                seen.add(schema.getFullName());
                note(schema.getDoc(), schema.getName(), bare);
            }
            case ARRAY -> collect(schema.getElementType(), seen, bare);
            case MAP -> collect(schema.getValueType(), seen, bare);
            case UNION -> schema.getTypes().forEach(each -> collect(each, seen, bare));
            default -> {}
        }
    }

    private static void note(String doc, String of, List<String> bare) {
        if (doc == null || doc.isBlank()) {
            bare.add(of);
        }
    }
}
