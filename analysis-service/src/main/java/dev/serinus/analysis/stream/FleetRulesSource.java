package dev.serinus.analysis.stream;

import dev.serinus.analysis.rules.FleetConfig;

import java.util.function.Supplier;

/**
 * Where the installation's rules come from.
 *
 * @param changes whether they may be others later
 */
record FleetRulesSource(Supplier<FleetConfig> config, boolean changes) {

    /** An installation that asks for nothing. */
    static final FleetRulesSource NONE = new FleetRulesSource(() -> FleetConfig.NONE, false);
}
