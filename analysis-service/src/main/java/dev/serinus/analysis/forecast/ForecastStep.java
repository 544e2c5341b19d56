package dev.serinus.analysis.forecast;

import dev.serinus.schemas.canary.Weight;

import java.time.Duration;

/**
 * One thing that will happen in a run.
 *
 * @param after the new revision was seen
 * @param type as in the public history, such as {@code WeightChanged}
 * @param phase as in the status
 * @param canaryWeight the canary's share from then on
 */
public record ForecastStep(
        Duration after, String type, String phase, Weight canaryWeight, String message) {}
