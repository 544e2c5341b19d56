package dev.serinus.loadtester.report;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Map;
import java.util.Optional;

/** The file of {@code artillery run --output}, printed. */
final class ArtilleryJson implements ReportFormat {

    @Override
    public Optional<Placed> last(String output) {
        return ReportJson.last(
                output,
                found -> found.path("aggregate").has("counters"),
                found -> read(found.path("aggregate")));
    }

    private static LoadReport read(JsonNode aggregate) {
        JsonNode counters = aggregate.path("counters");
        JsonNode times = aggregate.path("summaries").path("http.response_time");
        long errors = 0;
        for (Map.Entry<String, JsonNode> each : counters.properties()) {
            if (each.getKey().matches("http\\.codes\\.[45]\\d\\d|errors\\..+")) {
                errors += each.getValue().asLong();
            }
        }
        return new LoadReport(
                "artillery",
                ReportJson.millis(times.path("p50")),
                ReportJson.millis(times.path("p95")),
                ReportJson.millis(times.path("p99")),
                ReportJson.count(counters.path("http.requests")),
                errors);
    }
}
