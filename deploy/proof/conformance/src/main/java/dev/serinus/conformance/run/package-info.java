/** Plays a scenario in a world, real or simulated, and records it. */
@NullMarked
package dev.serinus.conformance.run;

import org.jspecify.annotations.NullMarked;
