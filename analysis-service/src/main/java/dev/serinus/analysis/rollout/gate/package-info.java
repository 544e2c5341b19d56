/** Whether a rollout may go on at one of the three places where it asks. */
@NullMarked
package dev.serinus.analysis.rollout.gate;

import org.jspecify.annotations.NullMarked;
