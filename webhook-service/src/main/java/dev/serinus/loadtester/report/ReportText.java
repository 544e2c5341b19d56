package dev.serinus.loadtester.report;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers in what is printed for people. Digits are bounded, so that none is beyond a long. */
final class ReportText {

    /** A time with its unit, or with more than one as Go's {@code 1m2.5s}; a group. */
    static final String TIME =
            "((?:[0-9]{1,9}h(?=[0-9]))?(?:[0-9]{1,9}m(?=[0-9]))?"
                    + "[0-9.]{1,18} ?(?:secs?|ns|us|µs|ms|s|m|h)?)(?![A-Za-z0-9µ.])";

    private static final Pattern PART = Pattern.compile("([0-9.]+) ?([a-zµ]*)");

    /** hey 0.1.5 writes {@code 50%% in}, ghz {@code 50 % in}, wrk {@code 50%}. */
    private static final Pattern SHARE_IN =
            Pattern.compile("(?m)^ *(50|95|99) ?%{1,2}(?: in)? +" + TIME);

    private static final Pattern STATUS =
            Pattern.compile("(?m)^ *\\[(\\w+)] *\\t? *([0-9]{1,18}) responses?");

    private ReportText() {}

    /** Where a heading stands for the last time; 0 where there is none. */
    static int begin(String output, String heading) {
        return Math.max(0, output.lastIndexOf(heading));
    }

    /** A report of hey, ghz or wrk, which tell the shares of requests alike. */
    static LoadReport ofShares(String tool, String report, long requests, long errors) {
        Double[] found = new Double[3];
        Matcher shares = SHARE_IN.matcher(report);
        while (shares.find()) {
            int at =
                    switch (shares.group(1)) {
                        case "50" -> 0;
                        case "95" -> 1;
                        default -> 2;
                    };
            found[at] = millis(shares.group(2));
        }
        return new LoadReport(tool, found[0], found[1], found[2], requests, errors);
    }

    /** How many answers had which status: pairs of the status and a number. */
    static List<String[]> statuses(String report) {
        return all(report, STATUS);
    }

    /** What the one or two groups of a pattern find, each time. */
    static List<String[]> all(String text, Pattern pattern) {
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

    /** The sum of the numbers of pairs. */
    static long sum(List<String[]> counts) {
        return counts.stream().mapToLong(each -> Long.parseLong(each[1])).sum();
    }

    /** What the first group of a pattern finds the last time, a number. */
    static Optional<Long> number(String text, String pattern) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .reduce((_, last) -> last)
                .map(found -> Long.parseLong(found.group(1)));
    }

    /** Milliseconds of the first time that the group of a pattern finds. */
    static @Nullable Double time(String text, String pattern) {
        Optional<MatchResult> found = Pattern.compile(pattern).matcher(text).results().findFirst();
        return found.map(each -> millis(each.group(1))).orElse(null);
    }

    private static @Nullable Double millis(String time) {
        try {
            double sum = 0;
            for (Matcher part = PART.matcher(time); part.find(); ) {
                sum += Double.parseDouble(part.group(1)) * factor(part.group(2));
            }
            return rounded(sum);
        } catch (NumberFormatException none) {
            return null;
        }
    }

    private static double factor(String unit) {
        return switch (unit) {
            case "h" -> 3_600_000;
            case "m" -> 60_000;
            case "s", "sec", "secs" -> 1_000;
            case "us", "µs" -> 0.001;
            case "ns" -> 0.000001;
            default -> 1;
        };
    }

    /** To a microsecond. */
    static double rounded(double millis) {
        return Math.round(millis * 1000) / 1000.0;
    }
}
