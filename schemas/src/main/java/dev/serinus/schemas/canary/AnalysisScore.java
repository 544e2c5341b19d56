package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/**
 * spec.analysis.score: one number, 0 to 100, over all metrics that are compared.
 *
 * @param pass the least that passes; 95 when null
 * @param marginal the least that does not fail; 75 when null, or pass where that is lower
 * @param groups weight of each group; all weigh the same when null
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AnalysisScore(
        @Nullable Double pass, @Nullable Double marginal, @Nullable Map<String, Double> groups) {}
