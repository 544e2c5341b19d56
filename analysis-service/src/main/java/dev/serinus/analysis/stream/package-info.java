/**
 * The Streams application around the machine: load, decide, keep, forward. No rule about rollouts.
 */
@NullMarked
package dev.serinus.analysis.stream;

import org.jspecify.annotations.NullMarked;
