package dev.serinus.loadtester.report;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Optional;

/**
 * The summary of k6 as JSON: that of {@code --summary-export=/dev/stdout}, and what a script's
 * {@code handleSummary} gets and prints, whose numbers are in {@code values}.
 */
final class K6Json implements ReportFormat {

    @Override
    public Optional<Placed> last(String output) {
        return ReportJson.last(
                output,
                found -> found.path("metrics").has("http_req_duration"),
                found -> read(found.path("metrics")));
    }

    private static LoadReport read(JsonNode metrics) {
        JsonNode times = values(metrics, "http_req_duration");
        return new LoadReport(
                "k6",
                ReportJson.millis(times.path("med")),
                ReportJson.millis(times.path("p(95)")),
                ReportJson.millis(times.path("p(99)")),
                ReportJson.count(values(metrics, "http_reqs").path("count")),
                // Of a rate of failures a pass is a request that failed.
                ReportJson.count(values(metrics, "http_req_failed").path("passes")));
    }

    private static JsonNode values(JsonNode metrics, String name) {
        JsonNode metric = metrics.path(name);
        return metric.has("values") ? metric.path("values") : metric;
    }
}
