package dev.serinus.loadtester.report;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.Optional;

/** What ghz prints with {@code --format=json} or {@code pretty}; its times are nanoseconds. */
final class GhzJson implements ReportFormat {

    @Override
    public Optional<Placed> last(String output) {
        return ReportJson.last(output, GhzJson::isReport, GhzJson::read);
    }

    private static boolean isReport(JsonNode found) {
        return found.path("count").isNumber() && found.path("statusCodeDistribution").isObject();
    }

    private static LoadReport read(JsonNode report) {
        Double[] found = new Double[3];
        for (JsonNode share : report.path("latencyDistribution")) {
            int at =
                    switch (share.path("percentage").asInt()) {
                        case 50 -> 0;
                        case 95 -> 1;
                        case 99 -> 2;
                        default -> -1;
                    };
            if (at >= 0 && share.path("latency").isNumber()) {
                found[at] = ReportText.rounded(share.path("latency").doubleValue() / 1e6);
            }
        }
        long count = report.path("count").longValue();
        long good = report.path("statusCodeDistribution").path("OK").asLong();
        return new LoadReport(
                "ghz", found[0], found[1], found[2], count, Math.max(0, count - good));
    }
}
