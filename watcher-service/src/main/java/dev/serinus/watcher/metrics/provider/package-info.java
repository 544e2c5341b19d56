/**
 * The metrics providers: one class for each, and one line in {@link
 * dev.serinus.watcher.metrics.provider.Providers#ALL}.
 */
@NullMarked
package dev.serinus.watcher.metrics.provider;

import org.jspecify.annotations.NullMarked;
