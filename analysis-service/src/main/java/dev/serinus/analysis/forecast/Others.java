package dev.serinus.analysis.forecast;

import dev.serinus.analysis.rollout.Effect;
import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.gate.FleetRules;

import java.time.Instant;

/** The rest of the fleet, for a rollout that is forecast. */
interface Others {

    /** What the installation asks of it at a moment. */
    FleetRules rules(Rollout rollout, Instant at);

    /** What it says to those that share budgets, waves or a group with it. */
    void hear(AssumedWorld from, Instant at, Effect said);
}
