/**
 * The rollout machine: what is known of a canary, what can happen, what is decided. No I/O and no
 * clock.
 */
@NullMarked
package dev.serinus.analysis.rollout;

import org.jspecify.annotations.NullMarked;
