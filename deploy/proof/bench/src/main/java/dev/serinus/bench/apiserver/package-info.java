/** A real API server under Serinus: what it was asked, and when a route was written. */
@NullMarked
package dev.serinus.bench.apiserver;

import org.jspecify.annotations.NullMarked;
