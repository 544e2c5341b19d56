package dev.serinus.dataplane.story;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the stories of one proxy found. Safe for use by many threads. */
public final class Findings {

    /**
     * One line of the table.
     *
     * @param failed requests without a good answer, other than what the bad release answered
     * @param split each step as declared and as served; what else was seen
     */
    public record Row(String story, long requests, long failed, String split) {}

    private final List<Row> rows = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private final List<Duration> seen = new ArrayList<>();

    synchronized void row(Row row) {
        rows.add(row);
        if (row.failed() > 0) {
            wrong.add("%s: %d requests failed".formatted(row.story(), row.failed()));
        }
    }

    synchronized void wrong(String story, String what) {
        wrong.add(story + ": " + what);
    }

    /** A story that could not be played to its end. */
    public void trouble(String story, String what) {
        wrong(story, what);
    }

    synchronized void check(boolean holds, String story, String otherwise) {
        if (!holds) {
            wrong(story, otherwise);
        }
    }

    /** From a route's write to the first answer that shows it. */
    synchronized void seen(Duration after) {
        seen.add(after);
    }

    /** What was not as it should be; empty when all was. */
    public synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** As rows of a Markdown table. */
    public synchronized String table(String proxy) {
        var table =
                new StringBuilder(
                        """
                        | proxy | story | requests | failed | declared / served |
                        |---|---|---|---|---|
                        """);
        for (Row row : rows) {
            table.append(
                    "| %s | %s | %d | %d | %s |%n"
                            .formatted(
                                    proxy, row.story(), row.requests(), row.failed(), row.split()));
        }
        return table + "\n" + latency(proxy) + "\n";
    }

    private String latency(String proxy) {
        var sorted = seen.stream().sorted().toList();
        if (sorted.isEmpty()) {
            return proxy + ": no write was measured";
        }
        return String.format(
                Locale.ROOT,
                "%s: from write to first request that sees it, %d writes: p50 %d ms, p99 %d ms",
                proxy,
                sorted.size(),
                sorted.get(sorted.size() / 2).toMillis(),
                sorted.get(Math.min(sorted.size() - 1, (int) Math.ceil(sorted.size() * 0.99) - 1))
                        .toMillis());
    }
}
