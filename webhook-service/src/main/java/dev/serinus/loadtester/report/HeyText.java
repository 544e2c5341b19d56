package dev.serinus.loadtester.report;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What hey prints. */
final class HeyText implements ReportFormat {

    private static final Pattern FAILURE = Pattern.compile("(?m)^ *\\[([0-9]{1,18})] *\\t? *\\D");

    @Override
    public Optional<LoadReport> last(String output) {
        String report = ReportText.last(output, "Summary:");
        if (!report.contains("Requests/sec:") || !report.contains("Status code distribution:")) {
            return Optional.empty();
        }
        List<String[]> statuses = ReportText.statuses(report);
        long failed =
                ReportText.sum(
                        statuses.stream().filter(each -> !each[0].matches("[23]\\d\\d")).toList());
        String troubles = ReportText.last(report, "Error distribution:");
        long unanswered =
                troubles.equals(report)
                        ? 0
                        : ReportText.all(troubles, FAILURE).stream()
                                .mapToLong(each -> Long.parseLong(each[0]))
                                .sum();
        return Optional.of(
                ReportText.ofShares(
                        "hey", report, ReportText.sum(statuses) + unanswered, failed + unanswered));
    }
}
