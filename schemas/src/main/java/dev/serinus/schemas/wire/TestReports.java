package dev.serinus.schemas.wire;

import dev.serinus.schemas.hook.TestReport;

import org.jspecify.annotations.Nullable;

/** Reports of tests as records of the topics, and back. */
public final class TestReports {

    private TestReports() {}

    /** As it is written to a topic; null for none. */
    public static dev.serinus.schemas.events.@Nullable TestReport written(
            @Nullable TestReport report) {
        return report == null
                ? null
                : dev.serinus.schemas.events.TestReport.newBuilder()
                        .setExit(report.exit())
                        .setTookMillis(report.tookMillis())
                        .setTool(report.tool())
                        .setP50Millis(report.p50Millis())
                        .setP95Millis(report.p95Millis())
                        .setP99Millis(report.p99Millis())
                        .setRequests(report.requests())
                        .setErrors(report.errors())
                        .setEarlier(report.earlier())
                        .build();
    }

    /** As it was written, within its bounds; null for none. */
    public static @Nullable TestReport read(
            dev.serinus.schemas.events.@Nullable TestReport written) {
        return written == null
                ? null
                : new TestReport(
                        written.getExit(),
                        written.getTookMillis(),
                        written.getTool(),
                        written.getP50Millis(),
                        written.getP95Millis(),
                        written.getP99Millis(),
                        written.getRequests(),
                        written.getErrors(),
                        written.getEarlier());
    }
}
