/** What load generators print at their end, read as numbers. */
@NullMarked
package dev.serinus.loadtester.report;

import org.jspecify.annotations.NullMarked;
