package dev.serinus.schemas.canary;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Durations as manifests write them: {@code 90s}, {@code 1m30s}, {@code 500ms}, as Go reads and
 * prints them.
 */
public final class Durations {
    /** The interval of an analysis that names none, or none that can be read. */
    public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(60);

    private static final Pattern PART =
            Pattern.compile("(\\d+\\.?\\d*|\\.\\d+)(ns|us|µs|μs|ms|s|m|h)");
    private static final Map<String, BigDecimal> NANOS =
            Map.of(
                    "ns", BigDecimal.ONE,
                    "us", BigDecimal.valueOf(1_000),
                    "µs", BigDecimal.valueOf(1_000),
                    "μs", BigDecimal.valueOf(1_000),
                    "ms", BigDecimal.valueOf(1_000_000),
                    "s", BigDecimal.valueOf(1_000_000_000),
                    "m", BigDecimal.valueOf(60_000_000_000L),
                    "h", BigDecimal.valueOf(3_600_000_000_000L));

    private Durations() {}

    /** Reads a duration, or gives nothing when the text is none; days and beyond have no unit. */
    public static Optional<Duration> parse(String text) {
        if (text.length() > 64) {
            return Optional.empty();
        }
        var negative = text.startsWith("-");
        var rest = negative || text.startsWith("+") ? text.substring(1) : text;
        if (rest.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        var nanos = BigDecimal.ZERO;
        var part = PART.matcher(rest);
        var read = 0;
        while (read < rest.length() && part.find(read) && part.start() == read) {
            nanos = nanos.add(new BigDecimal(part.group(1)).multiply(NANOS.get(part.group(2))));
            read = part.end();
        }
        if (rest.isEmpty()
                || read < rest.length()
                || nanos.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            return Optional.empty();
        }
        var length = Duration.ofNanos(nanos.longValue());
        return Optional.of(negative ? length.negated() : length);
    }

    /**
     * The interval in force for spec.analysis.interval. As in Flagger the default stands in for a
     * text that cannot be read ({@code 1mfoo} passes the schema, whose pattern has no end), and a
     * shorter one is raised to the minimum.
     */
    public static Duration interval(@Nullable String written, Duration minimum) {
        var interval = written == null ? DEFAULT_INTERVAL : parse(written).orElse(DEFAULT_INTERVAL);
        return interval.compareTo(minimum) < 0 ? minimum : interval;
    }

    /**
     * The time limit of one webhook attempt: 10 s when absent or shorter than two characters, as in
     * Flagger.
     */
    public static Optional<Duration> webhookTimeout(@Nullable String written) {
        return written == null || written.length() < 2
                ? Optional.of(Duration.ofSeconds(10))
                : parse(written).filter(Duration::isPositive);
    }

    /** Prints as Go does: {@code 1m0s}, {@code 1.205s}, {@code 500ms}, {@code 0s}. */
    public static String print(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        var sign = duration.isNegative() ? "-" : "";
        var length = duration.abs();
        if (length.compareTo(Duration.ofSeconds(1)) < 0) {
            return sign + fraction(length.toNanos());
        }
        var seconds =
                plain(
                                BigDecimal.valueOf(length.toNanosPart(), 9)
                                        .add(BigDecimal.valueOf(length.toSecondsPart())))
                        + "s";
        if (length.toMinutes() == 0) {
            return sign + seconds;
        }
        return sign
                + (length.toHours() == 0 ? "" : length.toHours() + "h")
                + length.toMinutesPart()
                + "m"
                + seconds;
    }

    private static String fraction(long nanos) {
        if (nanos < 1_000) {
            return nanos + "ns";
        }
        return nanos < 1_000_000
                ? plain(BigDecimal.valueOf(nanos, 3)) + "µs"
                : plain(BigDecimal.valueOf(nanos, 6)) + "ms";
    }

    private static String plain(BigDecimal number) {
        return number.stripTrailingZeros().toPlainString();
    }
}
