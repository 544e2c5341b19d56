/** The dashboard: files that a browser loads, and what it is told about how to treat them. */
@NullMarked
package dev.serinus.analysis.dashboard;

import org.jspecify.annotations.NullMarked;
