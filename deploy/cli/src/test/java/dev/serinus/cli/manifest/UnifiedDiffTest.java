package dev.serinus.cli.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

class UnifiedDiffTest {

    private static List<String> numbers(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(String::valueOf).toList();
    }

    @Test
    void whatIsTheSameHasNoDifference() {
        assertThat(UnifiedDiff.of(numbers(1, 9), numbers(1, 9))).isEmpty();
        assertThat(UnifiedDiff.of(List.of(), List.of())).isEmpty();
    }

    @Test
    void linesThatDifferStandBetweenThreeThatDoNot() {
        var after = new ArrayList<>(numbers(1, 9));
        after.set(4, "five");

        assertThat(UnifiedDiff.of(numbers(1, 9), after))
                .containsExactly(
                        "@@ -2,7 +2,7 @@", " 2", " 3", " 4", "-5", "+five", " 6", " 7", " 8");
    }

    @Test
    void whatIsNewAndWhatIsGoneIsWhole() {
        assertThat(UnifiedDiff.of(List.of(), List.of("a", "b")))
                .containsExactly("@@ -0,0 +1,2 @@", "+a", "+b");
        assertThat(UnifiedDiff.of(List.of("a"), List.of()))
                .containsExactly("@@ -1,1 +0,0 @@", "-a");
    }

    @Test
    void whatIsFarApartStandsInPartsOfItsOwn() {
        var after = new ArrayList<>(numbers(1, 30));
        after.remove("3");
        after.add(24, "new");

        assertThat(UnifiedDiff.of(numbers(1, 30), after))
                .filteredOn(line -> line.startsWith("@@"))
                .containsExactly("@@ -1,6 +1,5 @@", "@@ -23,6 +22,7 @@");
    }
}
