package dev.serinus.loadtester.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers in a report that is a JSON object, with whatever was printed before and after it. */
final class ReportJson {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern BEGIN = Pattern.compile("(?m)^\\{");

    /** A program may log in JSON, too; more lines of that are not looked through. */
    private static final int MOST_OBJECTS = 100;

    private ReportJson() {}

    /** The last object in it that begins with a line and is such a report. */
    static Optional<JsonNode> last(String output, Predicate<JsonNode> isReport) {
        Optional<JsonNode> last = Optional.empty();
        Matcher begins = BEGIN.matcher(output);
        for (int count = 0; count < MOST_OBJECTS && begins.find(); count++) {
            Optional<JsonNode> found = at(output, begins.start()).filter(isReport);
            last = found.isPresent() ? found : last;
        }
        return last;
    }

    /** Nothing where it is no object, or its middle was left out. */
    private static Optional<JsonNode> at(String output, int begin) {
        try {
            // Without what follows it.
            return Optional.of(JSON.readTree(output.substring(begin)));
        } catch (JsonProcessingException none) {
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
