/** Requests through a proxy, and what became of each. */
@NullMarked
package dev.serinus.dataplane.traffic;

import org.jspecify.annotations.NullMarked;
