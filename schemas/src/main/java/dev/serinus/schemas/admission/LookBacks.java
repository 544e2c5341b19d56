package dev.serinus.schemas.admission;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds how far a query in PromQL looks back: the ranges that stand in brackets. */
final class LookBacks {

    /** Strings and comments first: brackets in them are no ranges, and those of expressions are. */
    private static final Pattern RANGE =
            Pattern.compile(
                    "\"(?:[^\"\\\\]++|\\\\.)*+\"?|'(?:[^'\\\\]++|\\\\.)*+'?|`[^`]*+`?|#[^\\n]*+"
                            + "|\\[([^\\]]*+)]",
                    Pattern.DOTALL);

    private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|[smhdwy])");
    private static final Pattern SECONDS = Pattern.compile("\\d{1,9}(?:\\.\\d{1,9})?");
    private static final int LONGEST = 64;

    private static final Map<String, Duration> UNITS =
            Map.of(
                    "ms", Duration.ofMillis(1),
                    "s", Duration.ofSeconds(1),
                    "m", Duration.ofMinutes(1),
                    "h", Duration.ofHours(1),
                    "d", Duration.ofDays(1),
                    "w", Duration.ofDays(7),
                    "y", Duration.ofDays(365));

    private LookBacks() {}

    /**
     * One range.
     *
     * @param written in the query
     * @param length empty where it cannot be read
     */
    record LookBack(String written, Optional<Duration> length) {}

    /** All of a query but those that are yet to be rendered. */
    static Stream<LookBack> in(String query) {
        return RANGE.matcher(query)
                .results()
                .flatMap(found -> Optional.ofNullable(found.group(1)).stream())
                // A subquery has its resolution behind the colon.
                .map(range -> (range + ":").substring(0, (range + ":").indexOf(':')).strip())
                .filter(range -> !range.contains("{{"))
                .map(range -> new LookBack(range, length(range)));
    }

    private static Optional<Duration> length(String range) {
        if (range.length() > LONGEST) {
            return Optional.empty();
        }
        if (SECONDS.matcher(range).matches()) {
            return Optional.of(
                    Duration.ofMillis(new BigDecimal(range).movePointRight(3).longValue()));
        }
        var length = Duration.ZERO;
        var part = PART.matcher(range);
        while (part.lookingAt()) {
            length =
                    length.plus(
                            UNITS.getOrDefault(part.group(2), Duration.ZERO)
                                    .multipliedBy(Long.parseLong(part.group(1))));
            if (part.end() == range.length()) {
                return Optional.of(length);
            }
            part.region(part.end(), range.length());
        }
        return Optional.empty();
    }
}
