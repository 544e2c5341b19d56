/** Hooks as manifests write them, what is sent to them and what their answers mean. */
@NullMarked
package dev.serinus.webhook.hook;

import org.jspecify.annotations.NullMarked;
