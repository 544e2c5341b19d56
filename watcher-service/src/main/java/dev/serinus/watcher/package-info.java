/** Senses: turns evidence of change into facts, asks metric providers, mirrors decisions. */
@NullMarked
package dev.serinus.watcher;

import org.jspecify.annotations.NullMarked;
