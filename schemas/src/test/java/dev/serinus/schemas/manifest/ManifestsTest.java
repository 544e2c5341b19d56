package dev.serinus.schemas.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;
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
                "'a: &a [1,2,3,4,5,6,7,8]~b: &b [*a,*a,*a]~c: [*b,*b,*b]' | 3 | has more than 60",
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
    void textsAreCountedAsOftenAsTheyStandThere() {
        assertThat(read("a: &a %s\nb: [*a, *a]".formatted("x".repeat(900))).broken())
                .singleElement()
                .satisfies(
                        it -> {
                            assertThat(it.words()).startsWith("has more than 2000 characters");
                            assertThat(it.line()).isEqualTo(2);
                        });
    }

    /** Each character of these stands for hundreds of bytes, once it is a value. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[;?,",
                "{;a,",
                "[;a,",
                ";- ",
                ";? ",
                ";- a\n",
                ";--- a\n",
                "[;[a],",
                "[;{a: b},"
            })
    void whatIsTooMuchIsNotMadeFirst(String part) {
        var bounds = new ManifestBounds(1 << 23, 200, 1_000, 20);
        String repeated = part.substring(part.indexOf(';') + 1);
        String text =
                part.substring(0, part.indexOf(';'))
                        + repeated.repeat((1 << 22) / repeated.length());
        var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();

        var read = Manifests.read("text", text, bounds);

        assertThat(read.broken()).hasSize(1);
        assertThat(read.found()).isEmpty();
        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(20 << 20);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "!!int x | is no value of the type tag:yaml.org,2002:int",
                "!!int '' | is no YAML: found empty value",
                "!!float x | is no value of the type",
                "!!str [a] | is no value of the type",
                "!!int {} | is no value of the type",
                "!!map x | is no value of the type",
                "!!seq x | is no value of the type",
                "!!binary '%' | is no value of the type",
                "!mine x | is no YAML: could not determine a constructor",
                "{~: b} | has what JSON cannot say",
                "{a: 1, a: 2} | is no YAML: found duplicate key a",
            })
    void whatIsNoValueIsToldAndTheOtherDocumentsAreRead(String value, String because) {
        var read = read("kind: A\n---\nkind: B\nb:\n  c: %s\n---\nkind: C".formatted(value));

        assertThat(read.found()).extracting(Manifest::kind).containsExactly("A", "C");
        assertThat(read.broken())
                .singleElement()
                .satisfies(
                        it -> {
                            assertThat(it.words()).startsWith(because);
                            assertThat(it.line()).isBetween(3, 5);
                        });
    }

    /** Nothing that can be written is an exception. */
    @Test
    void anyTagAtAnyValueIsReadOrTold() {
        for (String tag :
                List.of(
                        "null",
                        "bool",
                        "int",
                        "float",
                        "str",
                        "binary",
                        "timestamp",
                        "map",
                        "seq",
                        "set",
                        "omap",
                        "pairs",
                        "merge",
                        "value",
                        "yaml",
                        "java.lang.String")) {
            for (String value :
                    List.of(
                            "",
                            "x",
                            "''",
                            "-",
                            "+",
                            "0x",
                            "0b",
                            "0o8",
                            "1:2",
                            ".nan",
                            "-.inf",
                            "1e999",
                            "2026-11-30",
                            "%",
                            "[]",
                            "[a]",
                            "[[a, b]]",
                            "[{a: b}]",
                            "[{kind: AList}, {items: [a]}]",
                            "{}",
                            "{a: b}",
                            "{? [a] : b}",
                            "{? {a: b} : c}",
                            "{~: a}",
                            "{.nan: a}",
                            "{<<: x}",
                            "{<<: [x]}",
                            "{kind: AList, items: [{kind: B}]}")) {
                for (String where :
                        List.of("a: !!%s %s", "!!%s %s", "? !!%s %s\n: a", "[!!%s %s]")) {
                    String text = where.formatted(tag, value);

                    var read = Manifests.read("text", text, ManifestBounds.REQUEST);

                    assertThat(read.found().size() + read.broken().size()).as(text).isLessThan(3);
                }
            }
        }
    }

    @Test
    void nestingAndAliasesAreTakenUpToTheBounds() {
        String deep = "[".repeat(150) + "]".repeat(150);
        String aliases = "a: &a {b: c}\nd: [" + "*a, ".repeat(1_000) + "]";

        assertThat(Manifests.read("text", deep, ManifestBounds.REQUEST).broken()).isEmpty();
        assertThat(Manifests.read("text", aliases, ManifestBounds.REQUEST).broken()).isEmpty();
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
