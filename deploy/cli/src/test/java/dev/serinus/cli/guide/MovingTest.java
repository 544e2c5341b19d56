package dev.serinus.cli.guide;

import static org.assertj.core.api.Assertions.assertThat;

import dev.serinus.cli.guide.Definitions.Field;
import dev.serinus.cli.guide.Guide.Row;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import picocli.CommandLine.Model.OptionSpec;

import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables for those who come from Flagger have everything that Flagger has. */
class MovingTest {

    private static final String PAGE = "from-flagger.md";
    private static final Pattern FLAG = Pattern.compile("--?[a-zA-Z][a-zA-Z_-]*");

    /** Of Flagger 1.44's recorder. */
    private static final List<String> METRICS =
            List.of(
                    "flagger_info",
                    "flagger_canary_total",
                    "flagger_canary_status",
                    "flagger_canary_weight",
                    "flagger_canary_duration_seconds",
                    "flagger_canary_metric_analysis",
                    "flagger_canary_successes_total",
                    "flagger_canary_failures_total");

    /** A row speaks for all that is below its field, unless that has a row of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"Canary", "MetricTemplate", "AlertProvider"})
    void everyFieldOfFlaggersHasARowAndEveryRowIsAField(String kind) {
        Set<String> rows = first(kind);
        Set<String> flaggers = Definitions.flaggers(kind);

        assertThat(flaggers).allSatisfy(path -> assertThat(covered(path, rows)).isTrue());
        assertThat(flaggers).containsAll(rows);
        assertThat(paths(kind)).containsAll(flaggers);
    }

    @Test
    void everyFlagOfRunIsThere() {
        Set<String> told = new TreeSet<>();
        for (String heading : List.of("Flags", "Flags that Serinus adds")) {
            for (Row row : Guide.rows(PAGE, heading)) {
                FLAG.matcher(row.cells().getFirst()).results().forEach(f -> told.add(f.group()));
            }
        }
        Set<String> all =
                Objects.requireNonNull(Commands.line().getSubcommands().get("run"))
                        .getCommandSpec()
                        .options()
                        .stream()
                        .map(OptionSpec::longestName)
                        .collect(Collectors.toCollection(TreeSet::new));

        assertThat(told).containsAll(all);
    }

    @Test
    void everyMetricIsThere() {
        assertThat(first("Metrics")).containsAll(METRICS);
    }

    private static Set<String> first(String heading) {
        return Guide.rows(PAGE, heading).stream()
                .flatMap(row -> row.code(0).stream())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> paths(String kind) {
        return Definitions.all().stream()
                .filter(field -> field.kind().equals(kind))
                .map(Field::path)
                .collect(Collectors.toSet());
    }

    private static boolean covered(String path, Set<String> rows) {
        return Stream.iterate(path, p -> !p.isEmpty(), MovingTest::above).anyMatch(rows::contains);
    }

    private static String above(String path) {
        int end =
                Math.max(
                        path.lastIndexOf('.'),
                        Math.max(path.lastIndexOf("[]"), path.lastIndexOf("{}")));
        return end < 0 ? "" : path.substring(0, end);
    }
}
