/** The gates that load testers keep in Kafka: how they stand, and who turned them. */
@NullMarked
package dev.serinus.analysis.keptgate;

import org.jspecify.annotations.NullMarked;
