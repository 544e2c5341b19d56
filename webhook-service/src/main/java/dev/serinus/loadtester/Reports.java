package dev.serinus.loadtester;

import dev.serinus.loadtester.report.LoadReport;
import dev.serinus.loadtester.task.Ended;
import dev.serinus.schemas.hook.TestReport;

import java.util.Optional;

/** What is told of a test beside the answer: numbers only, since its output may hold secrets. */
final class Reports {

    private Reports() {}

    /** Empty where it did not run. */
    static Optional<TestReport> of(Ended how) {
        return switch (how.outcome()) {
            case NO_TURN, NOT_STARTED, UNKNOWN -> Optional.empty();
            case PASSED, FAILED, TIMED_OUT, STOPPED -> {
                var ofCommand =
                        TestReport.of(how.exit() < 0 ? null : how.exit(), how.took().toMillis());
                yield Optional.of(
                        LoadReport.in(how.output())
                                .map(load -> with(ofCommand, load))
                                .orElse(ofCommand));
            }
        };
    }

    private static TestReport with(TestReport ofCommand, LoadReport load) {
        return new TestReport(
                ofCommand.exit(),
                ofCommand.tookMillis(),
                load.tool(),
                load.p50(),
                load.p95(),
                load.p99(),
                load.requests(),
                load.errors(),
                false);
    }
}
