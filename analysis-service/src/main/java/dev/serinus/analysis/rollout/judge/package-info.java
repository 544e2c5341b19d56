/** What measurements mean: bounds, verdicts, and words for what did not pass. */
@NullMarked
package dev.serinus.analysis.rollout.judge;

import org.jspecify.annotations.NullMarked;
