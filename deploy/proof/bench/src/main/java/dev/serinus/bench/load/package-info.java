/** The edge services played over real Kafka, and canaries that progress on command. */
@NullMarked
package dev.serinus.bench.load;

import org.jspecify.annotations.NullMarked;
