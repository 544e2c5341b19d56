/** Serinus on a real control plane: what it may do there, and what it does when that falters. */
@NullMarked
package dev.serinus.trials.real;

import org.jspecify.annotations.NullMarked;
