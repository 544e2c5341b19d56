/** Tells people, and the global event webhook, what happens to Canaries. */
@NullMarked
package dev.serinus.notifier;

import org.jspecify.annotations.NullMarked;
