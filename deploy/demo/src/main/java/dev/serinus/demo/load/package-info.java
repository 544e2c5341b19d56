/** Serinus' load tester as a process beside the demo, and what it is asked to run. */
@NullMarked
package dev.serinus.demo.load;

import org.jspecify.annotations.NullMarked;
