/** Measures Serinus on this machine: {@code deploy/serinus bench}. */
@NullMarked
package dev.serinus.bench;

import org.jspecify.annotations.NullMarked;
