package dev.serinus.schemas.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.List;

/** What is read of a text, and of whoever's. */
class ManifestsTest {

    private static final ManifestBounds SMALL = new ManifestBounds(2_000, 3, 60, 20);

    @Test
    void documentsAndListsAreResourcesWithTheirLines() {
        var read =
                read(
                        """
                        kind: A
                        metadata: {name: a}
                        ---
                        kind: BList
                        items:
                        - kind: B
                          metadata: {name: b}
                        - kind: C
                        """);

        assertThat(read.broken()).isEmpty();
        assertThat(read.found()).extracting(Manifest::kind).containsExactly("A", "B", "C");
        assertThat(read.found().get(1).line("metadata.name")).isEqualTo(7);
    }

    @Test
    void whatStandsBeforeWhatIsBrokenIsRead() {
        var read = read("kind: A\n---\nkind: [\n");

        assertThat(read.found()).extracting(Manifest::kind).containsExactly("A");
        assertThat(read.broken()).singleElement().extracting(Finding::rule).isEqualTo("yaml");
    }

    @Test
    void datesAreTexts() {
        assertThat(read("kind: 2026-11-30").found().getFirst().kind()).isEqualTo("2026-11-30");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "kind: A~---~kind: B~---~kind: C~---~kind: D | 7 | has more than 3 resources",
                "'a: &a [1,2,3,4,5,6,7,8]~b: &b [*a,*a,*a]~c: [*b,*b,*b]' | 1 | has more than 60",
                "'&a [*a]' | 1 | is nested deeper than 20 levels",
                "'a: &a~  b: *a' | 2 | is nested deeper than 20 levels",
                "'a: [[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]' | 1 | is nested deeper than 20"
            })
    void moreThanIsReadIsSaid(String text, int line, String because) {
        assertThat(read(text.replace("~", "\n")).broken())
                .singleElement()
                .satisfies(
                        it -> {
                            assertThat(it.words()).startsWith(because);
                            assertThat(it.line()).isEqualTo(line);
                        });
    }

    @Test
    void aLongTextAndALongNumberAreRefused() {
        assertThat(read("a: " + "b".repeat(3_000)).broken()).hasSize(1);
        assertThat(read("a: " + "1".repeat(401)).broken())
                .singleElement()
                .satisfies(
                        it ->
                                assertThat(it.words())
                                        .isEqualTo("has a number of more than 400 digits"));
    }

    @Test
    void severalTextsAreOneAfterTheOther() {
        var both = Manifests.together(List.of(read("kind: A"), read("kind: B\n---\n[")));

        assertThat(both.found()).extracting(Manifest::kind).containsExactly("A", "B");
        assertThat(both.broken()).hasSize(1);
    }

    private static Manifests read(String text) {
        return Manifests.read("text", text, SMALL);
    }
}
