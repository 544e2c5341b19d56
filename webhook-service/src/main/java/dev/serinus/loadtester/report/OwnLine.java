package dev.serinus.loadtester.report;

import dev.serinus.schemas.hook.TestReport;

import java.util.Optional;
import java.util.regex.Pattern;

/** A line of a script's own that says its numbers as the header does. */
final class OwnLine implements ReportFormat {

    private static final Pattern LINE =
            Pattern.compile("(?mi)^" + TestReport.HEADER + ": (.{1,512})$");

    @Override
    public Optional<Placed> last(String output) {
        return LINE.matcher(output)
                .results()
                .reduce((_, last) -> last)
                .flatMap(
                        found ->
                                TestReport.read(found.group(1))
                                        .map(said -> new Placed(found.start(), read(said))));
    }

    private static LoadReport read(TestReport said) {
        return new LoadReport(
                said.tool(),
                said.p50Millis(),
                said.p95Millis(),
                said.p99Millis(),
                said.requests(),
                said.errors());
    }
}
