/** The queries of the watcher, evaluated by a real Prometheus. */
@NullMarked
package dev.serinus.trials.metrics;

import org.jspecify.annotations.NullMarked;
