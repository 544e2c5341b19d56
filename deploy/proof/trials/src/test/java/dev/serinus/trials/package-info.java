/** The whole of Serinus on trial, and what the trials share. */
@NullMarked
package dev.serinus.trials;

import org.jspecify.annotations.NullMarked;
