package dev.serinus.analysis.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the documents say of the random histories is so. With {@code -Dserinus.docs=write} it is
 * written.
 */
class HistoriesDocumentTest {

    private static final Path DOCUMENT = Path.of("docs", "histories.md");
    private static final Path NIGHTLY = Path.of("..", ".ci", "nightly");
    private static final Pattern BY_NIGHT = Pattern.compile("-Dserinus\\.histories=([0-9]+)");

    /** What follows is measured, and kept as it stands. */
    private static final String MEASURED = "## Measured\n";

    @Test
    void theDocumentSaysWhatIsWalked() throws Exception {
        String there = Files.readString(DOCUMENT, UTF_8);
        String text = walked() + there.substring(there.indexOf(MEASURED));
        if (Objects.equals(System.getProperty("serinus.docs"), "write")) {
            Files.writeString(DOCUMENT, text);
        }

        assertThat(Files.readString(DOCUMENT, UTF_8)).isEqualTo(text);
    }

    private static String walked() throws Exception {
        var nightly = BY_NIGHT.matcher(Files.readString(NIGHTLY, UTF_8));
        assertThat(nightly.find()).isTrue();
        long night = Long.parseLong(nightly.group(1));
        long build = RolloutHistoriesTest.BY_DEFAULT;
        long stages = RolloutHistoriesTest.stages().count();
        long events = RolloutHistoriesTest.events().count();
        return """
        # What random histories cover

        Up to "Measured" this is held by `HistoriesDocumentTest`. A history is drawn from its seed, so each walk meets the same; after each decision all that must hold is looked at.

        | | each build | by night |
        |---|---|---|
        | histories of one canary (`RolloutHistoriesTest`) | %s | %s |
        | histories of ten canaries in two clusters (`FleetHistoriesTest`) | %s | %s |

        %d kinds of stage meet %d kinds of event: %d pairs. `RolloutHistoriesTest` fails where a pair was met in none of its histories, and names it.

        - Stages: %s.
        - Events: %s.

        """
                .formatted(
                        number(build),
                        number(night),
                        number(build / 10),
                        number(night / 10),
                        stages,
                        events,
                        stages * events,
                        names(RolloutHistoriesTest.stages()),
                        names(RolloutHistoriesTest.events()));
    }

    private static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    private static String names(Stream<Class<?>> types) {
        return types.map(type -> "`" + type.getSimpleName() + "`")
                .sorted()
                .collect(Collectors.joining(", "));
    }
}
