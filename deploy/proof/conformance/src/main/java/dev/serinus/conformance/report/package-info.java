/**
 * Plays what people met in practice on a real API server, and judges whether what came is right.
 */
@NullMarked
package dev.serinus.conformance.report;

import org.jspecify.annotations.NullMarked;
