/** Whom an alert is for, and that it gets there once. */
@NullMarked
package dev.serinus.notifier.alert;

import org.jspecify.annotations.NullMarked;
