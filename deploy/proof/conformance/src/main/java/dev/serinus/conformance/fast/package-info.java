/** Serinus at work in a simulated cluster, in seconds. */
@NullMarked
package dev.serinus.conformance.fast;

import org.jspecify.annotations.NullMarked;
