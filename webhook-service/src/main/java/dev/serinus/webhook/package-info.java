/** Calls the webhooks and gates of Canaries. */
@NullMarked
package dev.serinus.webhook;

import org.jspecify.annotations.NullMarked;
