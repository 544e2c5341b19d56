/** Mail, and how it gets to a server. */
@NullMarked
package dev.serinus.notifier.mail;

import org.jspecify.annotations.NullMarked;
