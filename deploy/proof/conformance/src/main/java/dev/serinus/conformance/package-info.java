/** Compares Serinus with recordings of Flagger, and records. */
@NullMarked
package dev.serinus.conformance;

import org.jspecify.annotations.NullMarked;
