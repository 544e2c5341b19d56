package dev.serinus.loadtester.report;

import java.util.Optional;

/** What ghz prints when nothing else is asked for. */
final class GhzText implements ReportFormat {

    @Override
    public Optional<Placed> last(String output) {
        int begin = ReportText.begin(output, "Summary:");
        String report = output.substring(begin);
        Optional<Long> count = ReportText.number(report, "(?m)^ *Count:\\s+([0-9]{1,18})");
        if (count.isEmpty() || !report.contains("Status code distribution:")) {
            return Optional.empty();
        }
        long good =
                ReportText.sum(
                        ReportText.statuses(report).stream()
                                .filter(it -> it[0].equals("OK"))
                                .toList());
        return Optional.of(
                new Placed(
                        begin,
                        ReportText.ofShares(
                                "ghz", report, count.get(), Math.max(0, count.get() - good))));
    }
}
