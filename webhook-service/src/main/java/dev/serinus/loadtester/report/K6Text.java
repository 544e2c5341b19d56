package dev.serinus.loadtester.report;

import java.util.Optional;
import java.util.regex.Pattern;

/** The summary that k6 prints; its p99 where {@code --summary-trend-stats} asks for it. */
final class K6Text implements ReportFormat {

    private static final Pattern TIMES =
            Pattern.compile("(?m)^ *http_req_duration\\.*: +(\\w+=.*)$");

    /** "1.50% ✓ 3 ✗ 197" of earlier versions, "1.50% 3 out of 200" of later ones. */
    private static final String FAILED = "\\bhttp_req_failed\\.*: +[0-9.]+% +(?:✓ +)?([0-9]{1,18})";

    @Override
    public Optional<Placed> last(String output) {
        return TIMES.matcher(output)
                .results()
                .reduce((_, last) -> last)
                .map(last -> new Placed(last.start(), read(output, last.group(1))));
    }

    private static LoadReport read(String output, String line) {
        return new LoadReport(
                "k6",
                ReportText.time(line, "\\bmed=" + ReportText.TIME),
                ReportText.time(line, "p\\(95\\)=" + ReportText.TIME),
                ReportText.time(line, "p\\(99\\)=" + ReportText.TIME),
                ReportText.number(output, "(?m)\\bhttp_reqs\\.*: +([0-9]{1,18})").orElse(null),
                ReportText.number(output, FAILED).orElse(null));
    }
}
