/** Chat services: one file each, saying only what is peculiar to it. */
@NullMarked
package dev.serinus.notifier.chat;

import org.jspecify.annotations.NullMarked;
