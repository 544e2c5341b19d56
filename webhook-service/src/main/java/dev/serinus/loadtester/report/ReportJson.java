package dev.serinus.loadtester.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.jspecify.annotations.Nullable;

import java.io.CharArrayReader;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Numbers in a report that is a JSON object, with whatever was printed before and after it. */
final class ReportJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern BEGIN = Pattern.compile("(?m)^\\{");

    /** A program may log in JSON, too; more of that after a report is not looked through. */
    private static final int MOST_OBJECTS = 1000;

    private ReportJson() {}

    /** The last object in it that begins with a line and is such a report. */
    static Optional<ReportFormat.Placed> last(
            String output, Predicate<JsonNode> isReport, Function<JsonNode, LoadReport> read) {
        List<Integer> begins = BEGIN.matcher(output).results().map(MatchResult::start).toList();
        char[] all = output.toCharArray();
        return begins.reversed().stream()
                .limit(MOST_OBJECTS)
                .flatMap(
                        begin ->
                                at(all, begin)
                                        .filter(isReport)
                                        .map(it -> new ReportFormat.Placed(begin, read.apply(it)))
                                        .stream())
                .findFirst();
    }

    /** Nothing where it is no object, or its middle was left out. */
    private static Optional<JsonNode> at(char[] output, int begin) {
        try {
            // Without what follows it.
            return Optional.of(
                    JSON.readTree(new CharArrayReader(output, begin, output.length - begin)));
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    static @Nullable Double millis(JsonNode number) {
        return number.isNumber() ? ReportText.rounded(number.doubleValue()) : null;
    }

    static @Nullable Long count(JsonNode number) {
        return number.isNumber() ? Long.valueOf(number.longValue()) : null;
    }
}
