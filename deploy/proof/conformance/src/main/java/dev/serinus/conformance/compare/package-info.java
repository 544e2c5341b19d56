/** How two recordings of the same scenario differ. */
@NullMarked
package dev.serinus.conformance.compare;

import org.jspecify.annotations.NullMarked;
