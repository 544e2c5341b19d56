/** Plays scenarios with all of Serinus on a real API server. */
@NullMarked
package dev.serinus.conformance.real;

import org.jspecify.annotations.NullMarked;
