package dev.serinus.conformance.scenario;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.List;

/**
 * What the fake Prometheus answers.
 *
 * @param match part of the queries it is for
 * @param values one for each query, the last repeats: a number, null for an empty result, or {@code
 *     http500} for a status
 */
public record MetricRule(String match, List<JsonNode> values) {

    public MetricRule {
        values = List.copyOf(values);
    }
}
