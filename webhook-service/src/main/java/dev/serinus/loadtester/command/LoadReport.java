package dev.serinus.loadtester.command;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a load generator found, read from what it prints at its end: hey, k6, ghz, artillery or wrk.
 * Numbers that it did not print are absent.
 *
 * @param p50 milliseconds within which half of the requests were answered; so p95 and p99
 * @param requests how many were made
 * @param errors how many of them failed
 */
public record LoadReport(
        Tool tool,
        @Nullable Double p50,
        @Nullable Double p95,
        @Nullable Double p99,
        @Nullable Long requests,
        @Nullable Long errors) {

    /** Whose report it is. */
    public enum Tool {
        HEY,
        K6,
        GHZ,
        ARTILLERY,
        WRK
    }

    private static final String TIME = "([0-9.]{1,18}) ?(secs?|ns|us|µs|ms|s|m)?";
    private static final Pattern SHARE_IN =
            Pattern.compile("(?m)^ *(50|95|99) ?%(?: in)? +" + TIME + "\\b");
    private static final Pattern STATUS =
            Pattern.compile("(?m)^ *\\[(\\w+)] *\\t? *([0-9]{1,18}) responses?");
    private static final Pattern FAILURE = Pattern.compile("(?m)^ *\\[([0-9]{1,18})] *\\t? *\\D");

    /** The last report in an output; empty when there is none. */
    public static Optional<LoadReport> in(String output) {
        return Stream.of(k6(output), artillery(output), wrk(output), ghz(output), hey(output))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private static Optional<LoadReport> hey(String output) {
        String report = last(output, "Summary:");
        if (!report.contains("Requests/sec:") || !report.contains("Status code distribution:")) {
            return Optional.empty();
        }
        List<String[]> statuses = all(report, STATUS);
        long failed =
                sum(statuses.stream().filter(each -> !each[0].matches("[23]\\d\\d")).toList());
        String troubles = last(report, "Error distribution:");
        long unanswered =
                troubles.equals(report)
                        ? 0
                        : all(troubles, FAILURE).stream()
                                .mapToLong(each -> Long.parseLong(each[0]))
                                .sum();
        return Optional.of(
                shares(Tool.HEY, report, sum(statuses) + unanswered, failed + unanswered));
    }

    private static Optional<LoadReport> ghz(String output) {
        String report = last(output, "Summary:");
        Optional<Long> count = number(report, "(?m)^ *Count:\\s+([0-9]{1,18})");
        if (count.isEmpty() || !report.contains("Latency distribution:")) {
            return Optional.empty();
        }
        long good = sum(all(report, STATUS).stream().filter(it -> it[0].equals("OK")).toList());
        return Optional.of(shares(Tool.GHZ, report, count.get(), count.get() - good));
    }

    private static Optional<LoadReport> wrk(String output) {
        Optional<Long> requests = number(output, "(?m)^ *([0-9]{1,18}) requests in ");
        if (requests.isEmpty() || !output.contains("Requests/sec:")) {
            return Optional.empty();
        }
        long errors = number(output, "Non-2xx or 3xx responses: ([0-9]{1,18})").orElse(0L);
        Matcher sockets =
                Pattern.compile(
                                "connect ([0-9]{1,18}), read ([0-9]{1,18}), write ([0-9]{1,18}),"
                                        + " timeout ([0-9]{1,18})")
                        .matcher(output);
        if (sockets.find()) {
            for (int each = 1; each <= 4; each++) {
                errors += Long.parseLong(sockets.group(each));
            }
        }
        return Optional.of(shares(Tool.WRK, output, requests.get(), errors));
    }

    private static Optional<LoadReport> k6(String output) {
        Matcher times =
                Pattern.compile("(?m)^.*\\bhttp_req_duration\\.*: +(.*\\bavg=.*)$").matcher(output);
        if (!times.find()) {
            return Optional.empty();
        }
        String line = times.group(1);
        Optional<Long> requests = number(output, "(?m)\\bhttp_reqs\\.*: +([0-9]{1,18})");
        // "1.50% ✓ 3 ✗ 197" of earlier versions, "1.50% 3 out of 200" of later ones.
        Optional<Long> failed =
                number(output, "\\bhttp_req_failed\\.*: +[0-9.]+% +(?:✓ +)?([0-9]{1,18})");
        return Optional.of(
                new LoadReport(
                        Tool.K6,
                        time(line, "\\bmed=" + TIME),
                        time(line, "p\\(95\\)=" + TIME),
                        time(line, "p\\(99\\)=" + TIME),
                        requests.orElse(null),
                        failed.orElse(null)));
    }

    private static Optional<LoadReport> artillery(String output) {
        String report = last(output, "Summary report");
        if (!report.contains("http.response_time")) {
            return Optional.empty();
        }
        String times = report.substring(report.indexOf("http.response_time"));
        long refused =
                sum(all(report, Pattern.compile("http\\.codes\\.([45]\\d\\d):[ .]+([0-9]{1,18})")));
        long broken = sum(all(report, Pattern.compile("(?m)^errors\\.(.+?):[ .]+([0-9]{1,18})$")));
        return Optional.of(
                new LoadReport(
                        Tool.ARTILLERY,
                        time(times, "median:[ .]+?([0-9]+(?:\\.[0-9]+)?)()\\s"),
                        time(times, "p95:[ .]+?([0-9]+(?:\\.[0-9]+)?)()\\s"),
                        time(times, "p99:[ .]+?([0-9]+(?:\\.[0-9]+)?)()\\s"),
                        number(report, "http\\.requests:[ .]+([0-9]{1,18})").orElse(null),
                        refused + broken));
    }

    private static LoadReport shares(Tool tool, String report, long requests, long errors) {
        Double[] found = new Double[3];
        Matcher shares = SHARE_IN.matcher(report);
        while (shares.find()) {
            int at =
                    switch (shares.group(1)) {
                        case "50" -> 0;
                        case "95" -> 1;
                        default -> 2;
                    };
            found[at] = millis(shares.group(2), shares.group(3));
        }
        return new LoadReport(tool, found[0], found[1], found[2], requests, errors);
    }

    private static String last(String output, String heading) {
        int at = output.lastIndexOf(heading);
        return at < 0 ? output : output.substring(at);
    }

    /** What the groups of a pattern find, each time. */
    private static List<String[]> all(String text, Pattern pattern) {
        List<String[]> all = new ArrayList<>();
        pattern.matcher(text)
                .results()
                .map(
                        found ->
                                found.groupCount() == 1
                                        ? new String[] {found.group(1)}
                                        : new String[] {found.group(1), found.group(2)})
                .forEach(all::add);
        return all;
    }

    private static long sum(List<String[]> counts) {
        return counts.stream().mapToLong(each -> Long.parseLong(each[1])).sum();
    }

    private static Optional<Long> number(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .reduce((_, last) -> last)
                .map(found -> Long.parseLong(found.group(1)));
    }

    private static @Nullable Double time(String text, String pattern) {
        Optional<MatchResult> found = Pattern.compile(pattern).matcher(text).results().findFirst();
        return found.map(each -> millis(each.group(1), each.group(2))).orElse(null);
    }

    private static @Nullable Double millis(String number, @Nullable String unit) {
        double factor =
                switch (unit == null ? "" : unit) {
                    case "m" -> 60_000;
                    case "s", "sec", "secs" -> 1_000;
                    case "us", "µs" -> 0.001;
                    case "ns" -> 0.000001;
                    default -> 1;
                };
        try {
            return Math.round(Double.parseDouble(number) * factor * 1000) / 1000.0;
        } catch (NumberFormatException none) {
            return null;
        }
    }
}
