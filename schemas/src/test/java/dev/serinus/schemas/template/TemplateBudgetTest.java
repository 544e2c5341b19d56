package dev.serinus.schemas.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Whoever may write a template must not be able to stop the queries of others with it. */
class TemplateBudgetTest {

    private static final Duration SOON = Duration.ofSeconds(3);

    private static final Map<String, Object> VALUES =
            Map.of(
                    "name",
                    "cart",
                    "variables",
                    Map.of("long", "x".repeat(1_000_000)),
                    "many",
                    IntStream.range(0, 60)
                            .boxed()
                            .collect(Collectors.toMap(i -> "key" + i, _ -> "y".repeat(1_000))));

    record Row(String what, String template, String expected) {
        @Override
        public String toString() {
            return what;
        }
    }

    static Stream<Row> greedyTemplates() {
        return Stream.of(
                new Row(
                        "three loops inside each other",
                        "{{range 65536}}{{range 65536}}{{range 65536}}{{end}}{{end}}{{end}}",
                        "line 1: the template takes more than 100000 steps, shorten its loops"),
                new Row(
                        "a text that doubles",
                        "{{$x := \"0123456789\"}}\n{{range 60}}{{$x = print $x $x}}{{end}}",
                        "line 2: a value is longer than 65536 characters"),
                new Row(
                        "one call with many long arguments",
                        "{{$x := printf \"%9999d\" 1}}{{$y := print" + " $x".repeat(10_000) + "}}",
                        "line 1: the template's functions read and write more than 4194304"
                                + " characters, shorten its loops or values"),
                new Row(
                        "a format that pads often",
                        "{{$x := printf \"" + "%9999d".repeat(5_000) + "\" 1}}",
                        "line 1: a value is longer than 65536 characters"),
                new Row(
                        "a long value that is compared often",
                        "{{range 50000}}{{if eq variables.long \"x\"}}{{end}}{{end}}",
                        "line 1: the template's functions read and write more than 4194304"
                                + " characters, shorten its loops or values"),
                new Row(
                        "a map that is printed",
                        "{{$x := print variables}}",
                        "line 1: a value is longer than 65536 characters"),
                new Row(
                        "a map that is written and cut to nothing",
                        "{{range 65536}}{{if printf \"%.0s%.1v\" many many}}{{end}}{{end}}",
                        "line 1: the template's functions read and write more than 4194304"
                                + " characters, shorten its loops or values"),
                new Row(
                        "a number with digits that it does not have",
                        "{{range 65536}}{{$x := printf \"%.9999e\" 1e308}}{{end}}",
                        "line 1: printf writes at most 99 digits after the point"),
                new Row(
                        "more than a template may have",
                        "x".repeat(65_537),
                        "line 1: the template has 65537 characters, at most 65536 are allowed"),
                new Row(
                        "a long chain of else-ifs",
                        "{{if name}}" + "{{else if name}}".repeat(4_000) + "{{end}}",
                        "line 1: nested too deeply: at most 100 blocks, else-ifs and parentheses"
                                + " may be inside each other"),
                new Row(
                        "a long chain of fields",
                        "{{variables" + ".a".repeat(30_000) + "}}",
                        "line 1: map has no entry for key \"a\""));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("greedyTemplates")
    void whatTakesTooMuchIsRefusedSoonAndSaysSo(Row row) {
        assertTimeoutPreemptively(
                SOON,
                () ->
                        assertThatThrownBy(() -> TextTemplate.render(row.template(), VALUES))
                                .isInstanceOf(RenderException.class)
                                .hasMessage(row.expected()));
    }

    @Test
    void blanksInAnActionTakeNoTime() throws RenderException {
        String blanks = " ".repeat(30_000) + "\n" + " ".repeat(30_000);

        String rendered =
                assertTimeoutPreemptively(
                        Duration.ofMillis(500),
                        () -> TextTemplate.render("{{" + blanks + "name}}", VALUES));

        assertThat(rendered).isEqualTo("cart");
    }

    @Test
    void newlinesInAnActionCountAsLines() {
        assertThatThrownBy(() -> TextTemplate.render("{{ name\n\n}}{{ variables.x }}", VALUES))
                .hasMessageStartingWith("line 3: ");
    }

    @Test
    void whatQueriesNeedIsFarWithinTheBudget() throws RenderException {
        String query = "rate(x{a=\"{{ name }}\"}[1m]) or ".repeat(1_000);

        assertThat(TextTemplate.render(query, VALUES)).startsWith("rate(x{a=\"cart\"}");
        assertThat(TextTemplate.render("{{ range 20000 }}ab{{ end }}", VALUES)).hasSize(40_000);
    }
}
