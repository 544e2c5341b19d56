/** Turns what the watches show into facts about canaries, and publishes those that are new. */
@NullMarked
package dev.serinus.watcher.observe;

import org.jspecify.annotations.NullMarked;
