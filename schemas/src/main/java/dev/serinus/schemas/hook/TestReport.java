package dev.serinus.schemas.hook;

import org.jspecify.annotations.Nullable;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.regex.Pattern;

/**
 * What a webhook that ran a test says of it beside its answer, in a header: a few numbers, and no
 * text but the name of a program. It is the webhook's own word, so what it cannot be counts as not
 * said.
 *
 * @param exit exit status of the test's command, 0 or more
 * @param tookMillis how long the test itself took
 * @param tool what made the numbers, such as {@code hey}: at most 32 characters; empty where there
 *     are none
 * @param p50Millis milliseconds within which half of its requests were answered; so the next two
 * @param requests how many it made
 * @param errors how many of them failed
 * @param earlier true where this is of the last run that ended of a test in the background
 */
public record TestReport(
        @Nullable Integer exit,
        @Nullable Long tookMillis,
        String tool,
        @Nullable Double p50Millis,
        @Nullable Double p95Millis,
        @Nullable Double p99Millis,
        @Nullable Long requests,
        @Nullable Long errors,
        boolean earlier) {

    /** Flagger and others pass over it. */
    public static final String HEADER = "serinus-test-report";

    private static final int LONGEST = 512;
    private static final Pattern TOOL = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,31}");
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,15}(\\.[0-9]{1,9})?");

    public TestReport {
        exit = exit == null || exit < 0 ? null : exit;
        tookMillis = count(tookMillis);
        tool = TOOL.matcher(tool).matches() ? tool : "";
        p50Millis = time(p50Millis);
        p95Millis = time(p95Millis);
        p99Millis = time(p99Millis);
        requests = count(requests);
        errors = count(errors);
    }

    private static @Nullable Long count(@Nullable Long said) {
        return said == null || said < 0 ? null : said;
    }

    private static @Nullable Double time(@Nullable Double said) {
        return said == null || !(said >= 0 && said < 1e12) ? null : said;
    }

    /** Of a command that says no numbers. */
    public static TestReport of(@Nullable Integer exit, long tookMillis) {
        return new TestReport(exit, tookMillis, "", null, null, null, null, null, false);
    }

    /** The same of the last run of a test in the background. */
    public TestReport ofEarlierRun() {
        return new TestReport(
                exit, tookMillis, tool, p50Millis, p95Millis, p99Millis, requests, errors, true);
    }

    /** Empty where nothing of it can be read. */
    public static Optional<TestReport> read(@Nullable String header) {
        if (header == null || header.length() > LONGEST) {
            return Optional.empty();
        }
        Map<String, String> said = new HashMap<>();
        for (String member : header.split(",")) {
            int equals = member.indexOf('=');
            String value = equals < 0 ? "?1" : member.substring(equals + 1).strip();
            said.put((equals < 0 ? member : member.substring(0, equals)).strip(), value);
        }
        Long exit = whole(said.get("exit"));
        var report =
                new TestReport(
                        exit == null || exit > Integer.MAX_VALUE ? null : exit.intValue(),
                        whole(said.get("took-ms")),
                        said.getOrDefault("tool", ""),
                        decimal(said.get("p50-ms")),
                        decimal(said.get("p95-ms")),
                        decimal(said.get("p99-ms")),
                        whole(said.get("requests")),
                        whole(said.get("errors")),
                        "?1".equals(said.get("earlier")));
        return report.saysNothing() ? Optional.empty() : Optional.of(report);
    }

    private boolean saysNothing() {
        return exit == null
                && tookMillis == null
                && p50Millis == null
                && p95Millis == null
                && p99Millis == null
                && requests == null
                && errors == null;
    }

    private static @Nullable Long whole(@Nullable String written) {
        return written != null && NUMBER.matcher(written).matches() && written.indexOf('.') < 0
                ? Long.valueOf(written)
                : null;
    }

    private static @Nullable Double decimal(@Nullable String written) {
        return written != null && NUMBER.matcher(written).matches()
                ? Double.valueOf(written)
                : null;
    }

    /** The header's value, a dictionary of RFC 9651. */
    public String header() {
        var all = new StringJoiner(", ");
        put(all, "exit", exit);
        put(all, "took-ms", tookMillis);
        if (!tool.isEmpty()) {
            all.add("tool=" + tool);
        }
        put(all, "p50-ms", decimal(p50Millis));
        put(all, "p95-ms", decimal(p95Millis));
        put(all, "p99-ms", decimal(p99Millis));
        put(all, "requests", requests);
        put(all, "errors", errors);
        if (earlier) {
            all.add("earlier");
        }
        return all.toString();
    }

    private static void put(StringJoiner all, String key, @Nullable Object value) {
        if (value != null) {
            all.add(key + "=" + value);
        }
    }

    private static @Nullable String decimal(@Nullable Double value) {
        return value == null
                ? null
                : BigDecimal.valueOf(value)
                        .setScale(3, RoundingMode.HALF_UP)
                        .stripTrailingZeros()
                        .toPlainString();
    }

    /**
     * A sentence of it, such as {@code hey made 600 requests, 3 of them failed; p50 4.2 ms, p99 15
     * ms; exit status 0 after 10.0 s}.
     */
    public String words() {
        var parts = new StringJoiner("; ");
        if (requests != null) {
            parts.add(
                    "%s made %d requests%s"
                            .formatted(
                                    tool.isEmpty() ? "it" : tool,
                                    requests,
                                    errors == null ? "" : ", " + errors + " of them failed"));
        }
        var times = new StringJoiner(", ");
        put(times, "p50", p50Millis);
        put(times, "p95", p95Millis);
        put(times, "p99", p99Millis);
        if (times.length() > 0) {
            parts.add(times.toString());
        }
        String took =
                tookMillis == null ? "" : String.format(Locale.ROOT, "%.1f s", tookMillis / 1000.0);
        if (exit != null) {
            parts.add("exit status " + exit + (took.isEmpty() ? "" : " after " + took));
        } else if (!took.isEmpty()) {
            parts.add("it took " + took);
        }
        return (earlier ? "the last run that ended: " : "") + parts;
    }

    private static void put(StringJoiner times, String name, @Nullable Double value) {
        if (value != null) {
            times.add(name + " " + decimal(value) + " ms");
        }
    }
}
