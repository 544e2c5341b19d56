/**
 * Compares a canary with its primary, metric by metric, and makes one score of it. Pure: the same
 * values, in any order, give the same result to the last bit.
 */
@NullMarked
package dev.serinus.analysis.rollout.judge.compare;

import org.jspecify.annotations.NullMarked;
