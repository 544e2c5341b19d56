package dev.serinus.notifier.chat;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;

/** What names chat services elsewhere is held against the list. */
class NotifiersTest {

    @Test
    void theDefinitionOfAlertProvidersAllowsWhatIsServed() throws IOException {
        String definition;
        try (var stream =
                Notifiers.class.getResourceAsStream(
                        "/dev/serinus/schemas/crd/AlertProvider.yaml")) {
            definition = new String(stream.readAllBytes(), UTF_8);
        }
        var type = Pattern.compile("spec\\.type: .*enum: \\[(.*?)]").matcher(definition);

        assertThat(type.find()).isTrue();
        assertThat(Arrays.asList(type.group(1).split(", ")))
                .containsExactlyInAnyOrderElementsOf(Notifiers.ALL.types());
    }

    @Test
    void theReadmeNamesWhatIsServed() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(Notifiers.ALL.types())
                .allSatisfy(type -> assertThat(readme).contains("| `" + type + "` | `chat/"));
    }
}
