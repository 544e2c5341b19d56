/** The analysis service: wiring and configuration. */
@NullMarked
package dev.serinus.analysis;

import org.jspecify.annotations.NullMarked;
