/** Serinus' processes as the operating system sees them: started, ready, their CPU and memory. */
@NullMarked
package dev.serinus.bench.process;

import org.jspecify.annotations.NullMarked;
