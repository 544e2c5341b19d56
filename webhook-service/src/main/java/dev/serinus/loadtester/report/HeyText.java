package dev.serinus.loadtester.report;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** What hey prints. */
final class HeyText implements ReportFormat {

    private static final Pattern FAILURE = Pattern.compile("(?m)^ *\\[([0-9]{1,18})] *\\t? *\\D");

    @Override
    public Optional<Placed> last(String output) {
        int begin = ReportText.begin(output, "Summary:");
        String report = output.substring(begin);
        if (!report.contains("Requests/sec:") || !report.contains("Status code distribution:")) {
            return Optional.empty();
        }
        List<String[]> statuses = ReportText.statuses(report);
        long failed =
                ReportText.sum(
                        statuses.stream().filter(each -> !each[0].matches("[23]\\d\\d")).toList());
        int troubles = report.lastIndexOf("Error distribution:");
        long unanswered =
                troubles < 0
                        ? 0
                        : ReportText.all(report.substring(troubles), FAILURE).stream()
                                .mapToLong(each -> Long.parseLong(each[0]))
                                .sum();
        return Optional.of(
                new Placed(
                        begin,
                        ReportText.ofShares(
                                "hey",
                                report,
                                ReportText.sum(statuses) + unanswered,
                                failed + unanswered)));
    }
}
