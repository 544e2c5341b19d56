package dev.serinus.cli.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.cli.guide.Definitions.Field;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * The reference has every field, as the definitions describe it. With {@code -Dserinus.docs=write}
 * it is written.
 */
class ReferenceTest {

    private static final Path PAGE = Guide.FOLDER.resolve("reference.md");

    @Test
    void theReferenceIsWhatTheDefinitionsSay() throws IOException {
        String page = page();
        if (Objects.equals(System.getProperty("serinus.docs"), "write")) {
            Files.writeString(PAGE, page);
        }

        assertThat(Files.readString(PAGE))
                .as("mvn -pl deploy/cli -am test -Dtest=ReferenceTest -Dserinus.docs=write ...")
                .isEqualTo(page);
    }

    private static String page() {
        var text = new StringBuilder();
        text.append(
                """
                # Reference of every field

                Generated from the resource definitions by `ReferenceTest`. In a path `[]` is each entry of a list and `{}` each value of a map. A field in **bold** has to be there
                wherever what it stands in is there. "Serinus" is a field that Flagger 1.44 does not have: it is optional, and a Flagger that reads the same manifest passes over it.
                What the rules make of a field beyond its type is in [the rules](../../schemas/CANARY.md#rules).
                """);
        List<Field> all = Definitions.all();
        for (String kind : List.of("Canary", "MetricTemplate", "AlertProvider")) {
            for (String part : List.of("spec", "status")) {
                List<Field> fields =
                        all.stream()
                                .filter(field -> field.kind().equals(kind))
                                .filter(field -> field.path().startsWith(part))
                                .toList();
                if (!fields.isEmpty()) {
                    table(text, kind, part, fields);
                }
            }
        }
        return text.toString();
    }

    private static void table(StringBuilder text, String kind, String part, List<Field> fields) {
        text.append("\n## %s: %s\n".formatted(kind, part))
                .append("\n| field | type | of | meaning |\n|---|---|---|---|\n");
        for (Field field : fields) {
            String path = "`" + field.path() + "`";
            text.append(
                    "| %s | %s | %s | %s |\n"
                            .formatted(
                                    field.required() ? "**" + path + "**" : path,
                                    type(field),
                                    field.isFlaggers() ? "Flagger" : "Serinus",
                                    meaning(field)));
        }
    }

    private static String type(Field field) {
        var choices = field.choices();
        return choices.isEmpty()
                ? field.type()
                : choices.stream().map(each -> "`" + each + "`").collect(Collectors.joining(", "));
    }

    private static String meaning(Field field) {
        String words = field.schema().path("description").asText().replace("|", "\\|");
        var usual = field.schema().path("default");
        return usual.isMissingNode()
                ? words
                : (words + " Default: `" + usual.asText() + "`.").strip();
    }
}
