package dev.serinus.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.schemas.events.RolloutEvent;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.runtime.KafkaSettings;
import dev.serinus.schemas.wire.KnownSchemas.Released;

import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What was released stays readable: for internal topics the present reads every released version,
 * for public ones every released version reads the present as well.
 */
class CompatibilityTest {

    private static final Set<String> PUBLIC =
            Set.of(RolloutState.SCHEMA$.getFullName(), RolloutEvent.SCHEMA$.getFullName());

    @TestFactory
    Stream<DynamicTest> thePresentReadsWhatWasReleased() {
        return KnownSchemas.released().stream()
                .map(
                        release ->
                                DynamicTest.dynamicTest(
                                        release.path(),
                                        () ->
                                                assertThat(problems(release, present(release)))
                                                        .isEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> theDeserializerReadsRecordsOfEveryRelease() {
        return KnownSchemas.released().stream()
                .map(
                        release ->
                                DynamicTest.dynamicTest(
                                        release.path(), () -> readsRecordOf(release.schema())));
    }

    private static void readsRecordOf(Schema released) throws IOException {
        // Given
        var out = new ByteArrayOutputStream();
        out.writeBytes(SingleObject.header(released));
        var encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<>(released).write(SampleData.of(released), encoder);

        // When
        var values = KafkaSettings.at("localhost:1").<SpecificRecord>values();
        SpecificRecord read = values.deserializer().deserialize("any", out.toByteArray());

        // Then
        assertThat(read.getSchema().getFullName()).isEqualTo(released.getFullName());
        assertThat(GenericData.get().validate(read.getSchema(), SampleData.of(read.getSchema())))
                .isTrue();
    }

    @Test
    void everyKindOfRecordWasReleasedAndTheIndexNamesEveryFile() throws IOException {
        // Given
        var folder = Path.of("src", "main", "resources", "released");

        // Then
        assertThat(KnownSchemas.released())
                .extracting(release -> release.schema().getFullName())
                .containsAll(KnownSchemas.present().stream().map(Schema::getFullName).toList());
        try (var files = Files.walk(folder)) {
            assertThat(KnownSchemas.released())
                    .extracting(release -> folder.resolve(release.path()))
                    .containsExactlyInAnyOrderElementsOf(
                            files.filter(file -> file.toString().endsWith(".avsc")).toList());
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(
            textBlock =
                    """
                    a new field without a default | RouterResult | READER_FIELD_MISSING_DEFAULT_VALUE
                    a field of another type       | MetricResult | TYPE_MISMATCH
                    a public field taken away     | RolloutEvent | READER_FIELD_MISSING_DEFAULT_VALUE
                    a public enum that grows      | RolloutEvent | MISSING_ENUM_SYMBOLS
                    """,
            delimiter = '|')
    void refuses(String change, String record, String because) {
        // Given
        Released release =
                KnownSchemas.released().stream()
                        .filter(each -> each.path().endsWith("/" + record + ".avsc"))
                        .findFirst()
                        .orElseThrow();
        String json = release.schema().toString();
        String changed =
                switch (change) {
                    case "a new field without a default" ->
                            json.replaceFirst(
                                    "\"fields\":\\[",
                                    "\"fields\":[{\"name\":\"added\",\"type\":\"int\"},");
                    case "a field of another type" ->
                            json.replace(
                                    "\"name\":\"generation\",\"type\":\"long\"",
                                    "\"name\":\"generation\",\"type\":\"boolean\"");
                    case "a public field taken away" ->
                            json.replaceFirst(
                                    "\\{\"name\":\"failedChecks\",\"type\":\"int\"[^}]*},", "");
                    default -> json.replace("\"INCONCLUSIVE\"", "\"INCONCLUSIVE\",\"SKIPPED\"");
                };
        assertThat(changed).isNotEqualTo(json);

        // Then
        assertThat(problems(release, new Schema.Parser().parse(changed)))
                .anySatisfy(problem -> assertThat(problem).contains(because));
    }

    private static Schema present(Released release) {
        return KnownSchemas.present().stream()
                .filter(schema -> schema.getFullName().equals(release.schema().getFullName()))
                .findFirst()
                .orElseThrow();
    }

    private static List<String> problems(Released release, Schema present) {
        var backward = problems(present, release.schema());
        return PUBLIC.contains(present.getFullName())
                ? Stream.concat(backward.stream(), problems(release.schema(), present).stream())
                        .toList()
                : backward;
    }

    private static List<String> problems(Schema reader, Schema writer) {
        return SchemaCompatibility.checkReaderWriterCompatibility(reader, writer)
                .getResult()
                .getIncompatibilities()
                .stream()
                .map(
                        each ->
                                each.getType()
                                        + " at "
                                        + each.getLocation()
                                        + ": "
                                        + each.getMessage())
                .toList();
    }
}
