/** Asks the metric providers what a step of a rollout wants to know. */
@NullMarked
package dev.serinus.watcher.metrics;

import org.jspecify.annotations.NullMarked;
