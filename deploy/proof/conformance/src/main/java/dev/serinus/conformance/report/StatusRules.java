package dev.serinus.conformance.report;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Rules about the course of a Canary, as its status tells it. */
sealed interface StatusRules extends ReportRule {

    private static boolean has(JsonNode status, JsonNode wanted) {
        return wanted.properties().stream()
                .allMatch(
                        each ->
                                each.getValue()
                                        .asText()
                                        .equals(status.path(each.getKey()).asText()));
    }

    private static List<PlayedReport.Timed> during(
            PlayedReport played, Optional<String> canary, double begin, double end) {
        return played.statuses(canary).stream()
                .filter(it -> it.at() >= begin && it.at() <= end)
                .toList();
    }

    /** A status with these values comes. */
    record Reaches(Optional<String> canary, JsonNode status, TimeRange span)
            implements StatusRules {

        @Override
        public List<String> wrong(PlayedReport played) {
            Optional<Double> begin = span.begin(played);
            if (begin.isEmpty()) {
                return List.of(span.neverBegan());
            }
            double end = span.end(played, begin.get());
            boolean came =
                    during(played, canary, begin.get(), end).stream()
                            .anyMatch(it -> has(it.what(), status));
            return came
                    ? List.of()
                    : List.of(
                            String.format(
                                    Locale.ROOT,
                                    "from %.1f to %.1f s no status has %s",
                                    begin.get(),
                                    Math.min(end, played.end()),
                                    status));
        }
    }

    /** No status with these values comes. */
    record Never(Optional<String> canary, JsonNode status, TimeRange span) implements StatusRules {

        @Override
        public List<String> wrong(PlayedReport played) {
            Optional<Double> begin = span.begin(played);
            if (begin.isEmpty()) {
                return List.of(span.neverBegan());
            }
            return during(played, canary, begin.get(), span.end(played, begin.get())).stream()
                    .filter(it -> has(it.what(), status))
                    .findFirst()
                    .map(it -> String.format(Locale.ROOT, "at %.1f s it has %s", it.at(), status))
                    .map(List::of)
                    .orElse(List.of());
        }
    }

    /** The last status has these values. */
    record Ends(Optional<String> canary, JsonNode status) implements StatusRules {

        @Override
        public List<String> wrong(PlayedReport played) {
            var statuses = played.statuses(canary);
            if (!statuses.isEmpty() && has(statuses.getLast().what(), status)) {
                return List.of();
            }
            return List.of(
                    "the last status is %s, not %s"
                            .formatted(
                                    statuses.isEmpty() ? "absent" : statuses.getLast().what(),
                                    status));
        }
    }
}
