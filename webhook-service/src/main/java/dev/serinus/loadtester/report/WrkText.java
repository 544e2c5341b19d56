package dev.serinus.loadtester.report;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What wrk prints; the shares of requests with {@code --latency} only, and never the p95. */
final class WrkText implements ReportFormat {

    private static final Pattern SOCKETS =
            Pattern.compile(
                    "connect ([0-9]{1,18}), read ([0-9]{1,18}), write ([0-9]{1,18}), timeout"
                            + " ([0-9]{1,18})");

    @Override
    public Optional<Placed> last(String output) {
        int begin = ReportText.begin(output, "Running ");
        String report = output.substring(begin);
        Optional<Long> requests = ReportText.number(report, "(?m)^ *([0-9]{1,18}) requests in ");
        if (requests.isEmpty() || !report.contains("Requests/sec:")) {
            return Optional.empty();
        }
        long errors =
                ReportText.number(report, "Non-2xx or 3xx responses: ([0-9]{1,18})").orElse(0L);
        Matcher sockets = SOCKETS.matcher(report);
        if (sockets.find()) {
            for (int each = 1; each <= 4; each++) {
                errors += Long.parseLong(sockets.group(each));
            }
        }
        return Optional.of(
                new Placed(begin, ReportText.ofShares("wrk", report, requests.get(), errors)));
    }
}
