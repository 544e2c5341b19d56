package dev.serinus.testbed.binaries;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

class CachedFolderTest {

    @TempDir Path cache;

    private CachedFolder folder(String name) {
        return new CachedFolder(cache, name, it -> Files.exists(it.resolve("program")));
    }

    private List<String> entries() throws IOException {
        try (var all = Files.list(cache)) {
            return all.map(it -> it.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void isBuiltOnce() throws IOException {
        // Given
        var built = new AtomicInteger();
        CachedFolder.Recipe recipe =
                (work, result) -> {
                    built.incrementAndGet();
                    Files.writeString(work.resolve("source"), "source");
                    Files.writeString(result.resolve("program"), "program");
                };
        // When
        Path first = folder("one").build(recipe);
        Path second = folder("one").build(recipe);
        // Then
        assertThat(built).hasValue(1);
        assertThat(first).isEqualTo(second).isEqualTo(folder("one").place());
        assertThat(folder("one").find()).contains(first);
        assertThat(first.resolve("program")).hasContent("program");
        assertThat(entries()).containsExactly("lock", "one");
    }

    @Test
    void aBuildThatEndsInTroubleLeavesNothingThatLooksWhole() throws IOException {
        assertThatThrownBy(
                        () ->
                                folder("one")
                                        .build(
                                                (_, result) -> {
                                                    Files.writeString(
                                                            result.resolve("program"), "half");
                                                    throw new Unbuildable("no network");
                                                }))
                .isInstanceOf(Unbuildable.class);
        assertThat(folder("one").find()).isEmpty();
        assertThat(entries()).containsExactly("lock");
    }

    @Test
    void whatIsNotWholeDoesNotGetTheName() throws IOException {
        assertThatThrownBy(() -> folder("one").build((_, _) -> {}))
                .isInstanceOf(IllegalStateException.class);
        assertThat(entries()).containsExactly("lock");
    }

    @Test
    void whatABuildLeftThatWasBrokenOffIsSweptUpByTheNext() throws IOException {
        // Given
        Path left = Files.createDirectories(cache.resolve("building-17").resolve("result"));
        Files.writeString(left.resolve("program"), "half");
        // When
        var _ =
                folder("one")
                        .build((_, result) -> Files.writeString(result.resolve("program"), ""));
        // Then
        assertThat(entries()).containsExactly("lock", "one");
    }

    @Test
    void theNameFollowsFromAllOfTheContent() {
        var one = new CachedFolder.Content().with(new byte[] {1}).with(new byte[] {2}).name();
        assertThat(one)
                .hasSize(16)
                .isEqualTo(new CachedFolder.Content().with(new byte[] {1, 2}).name())
                .isNotEqualTo(new CachedFolder.Content().with(new byte[] {1, 3}).name());
    }
}
