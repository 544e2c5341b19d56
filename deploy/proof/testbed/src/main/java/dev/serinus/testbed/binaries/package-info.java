/** Builds the programs of the control plane from their sources, once, and finds them again. */
@NullMarked
package dev.serinus.testbed.binaries;

import org.jspecify.annotations.NullMarked;
