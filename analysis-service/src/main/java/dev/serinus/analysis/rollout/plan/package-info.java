/**
 * What a strategy leads through: the stops, the split of traffic at each, and who meets the canary
 * there.
 */
@NullMarked
package dev.serinus.analysis.rollout.plan;

import org.jspecify.annotations.NullMarked;
