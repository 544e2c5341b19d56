/** Time that passes only while nothing happens. */
@NullMarked
package dev.serinus.conformance.time;

import org.jspecify.annotations.NullMarked;
