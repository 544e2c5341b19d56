/**
 * Tests and distributions that judges use: values in, values out. Transcendental functions are
 * those of {@link StrictMath}, so that a result is the same to the last bit on every processor.
 */
@NullMarked
package dev.serinus.analysis.rollout.judge.statistics;

import org.jspecify.annotations.NullMarked;
