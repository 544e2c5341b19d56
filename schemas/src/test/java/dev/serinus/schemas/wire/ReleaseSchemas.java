package dev.serinus.schemas.wire;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.avro.Schema;
import org.apache.avro.SchemaFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * Writes the present schemas down as a released version; README.md tells when and how. It is no
 * test of the suite: its name keeps it out, and it runs only when told the version.
 */
class ReleaseSchemas {

    private static final Path FOLDER = Path.of("src", "main", "resources", "released");

    @Test
    @EnabledIfSystemProperty(named = "serinus.release", matches = "v\\d+")
    void writesThePresentSchemasDown() throws IOException {
        Path version = FOLDER.resolve(System.getProperty("serinus.release"));
        Files.createDirectories(version);
        for (Schema schema : KnownSchemas.present()) {
            Files.writeString(
                    version.resolve(schema.getName() + ".avsc"),
                    SchemaFormatter.format("json/pretty", schema) + "\n",
                    UTF_8);
        }
        try (var files = Files.walk(FOLDER)) {
            String index =
                    files.filter(file -> file.toString().endsWith(".avsc"))
                            .map(file -> FOLDER.relativize(file).toString().replace('\\', '/'))
                            .sorted()
                            .collect(Collectors.joining("\n", "", "\n"));
            Files.writeString(FOLDER.resolve("index"), index, UTF_8);
        }
        assertThat(version).isNotEmptyDirectory();
    }
}
