/** A small cluster for the real edge services to work on. */
@NullMarked
package dev.serinus.bench.cluster;

import org.jspecify.annotations.NullMarked;
