/**
 * Where Avro meets the machine: events in, effects and public state out. Plain mappings, no I/O.
 */
@NullMarked
package dev.serinus.analysis.records;

import org.jspecify.annotations.NullMarked;
