/** Alert rules and dashboards, on what Serinus really tells of itself. */
@NullMarked
package dev.serinus.trials.monitoring;

import org.jspecify.annotations.NullMarked;
