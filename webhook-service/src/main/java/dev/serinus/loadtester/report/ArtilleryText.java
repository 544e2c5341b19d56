package dev.serinus.loadtester.report;

import org.jspecify.annotations.Nullable;

import java.util.Optional;
import java.util.regex.Pattern;

/** The summary report that artillery prints. */
final class ArtilleryText implements ReportFormat {

    private static final Pattern REFUSED =
            Pattern.compile("http\\.codes\\.([45]\\d\\d):[ .]+([0-9]{1,18})");
    private static final Pattern BROKEN =
            Pattern.compile("(?m)^errors\\.(.+?):[ .]+([0-9]{1,18})$");

    @Override
    public Optional<Placed> last(String output) {
        int begin = ReportText.begin(output, "Summary report");
        String report = output.substring(begin);
        if (!report.startsWith("Summary report") || !report.contains("http.requests:")) {
            return Optional.empty();
        }
        int at = report.indexOf("http.response_time");
        String times = at < 0 ? "" : report.substring(at);
        return Optional.of(
                new Placed(
                        begin,
                        new LoadReport(
                                "artillery",
                                time(times, "median"),
                                time(times, "p95"),
                                time(times, "p99"),
                                ReportText.number(report, "http\\.requests:[ .]+([0-9]{1,18})")
                                        .orElse(null),
                                ReportText.sum(ReportText.all(report, REFUSED))
                                        + ReportText.sum(ReportText.all(report, BROKEN)))));
    }

    private static @Nullable Double time(String times, String name) {
        return ReportText.time(times, name + ":[ .]+?([0-9]+(?:\\.[0-9]+)?)\\s");
    }
}
