package dev.serinus.schemas.hook;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A type is one constant and its symbol on the wire; everything else is read from them. */
class HookTypeTest {

    @Test
    void theWireHasASymbolForEachTypeAndNoOther() {
        assertThat(HookType.values())
                .extracting(HookType::name)
                .containsExactlyInAnyOrderElementsOf(
                        Stream.of(dev.serinus.schemas.events.HookType.values())
                                .map(Enum::name)
                                .toList());
    }

    @Test
    void aManifestsWordIsReadAsWrittenAndNoOther() {
        for (HookType type : HookType.values()) {
            assertThat(HookType.of(type.word())).contains(type);
        }
        assertThat(HookType.of(null)).contains(HookType.ROLLOUT);
        assertThat(HookType.of("")).contains(HookType.ROLLOUT);
        assertThat(HookType.of("Rollout")).isEqualTo(Optional.empty());
        assertThat(HookType.of("confirm-tea")).isEqualTo(Optional.empty());
    }

    @Test
    void noServiceNamesATypeSoNoneCanForgetANewOne() throws IOException {
        // Given
        var named =
                Stream.of(HookType.values())
                        .map(type -> "HookType." + type.name() + "|\"" + type.word() + "\"")
                        .collect(Collectors.joining("|"));
        // "rollout" and "event" alone are also words of other things
        var pattern = Pattern.compile(named.replace("|\"rollout\"", "").replace("|\"event\"", ""));

        // When
        List<String> found =
                sources()
                        .filter(source -> pattern.matcher(text(source)).find())
                        .map(source -> source.getFileName().toString())
                        .toList();

        // Then
        assertThat(found).isEmpty();
    }

    private static Stream<Path> sources() throws IOException {
        Path root = Path.of("..").toRealPath();
        try (var modules = Files.list(root)) {
            return modules
                    .map(module -> module.resolve("src/main/java"))
                    .filter(Files::isDirectory)
                    .flatMap(HookTypeTest::files)
                    .toList()
                    .stream();
        }
    }

    private static Stream<Path> files(Path directory) {
        try (var files = Files.walk(directory)) {
            return files.filter(file -> file.toString().endsWith(".java")).toList().stream();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String text(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
