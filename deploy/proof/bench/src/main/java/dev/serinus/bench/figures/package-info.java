/** What was measured, as numbers: percentiles, figures, and how they are told. */
@NullMarked
package dev.serinus.bench.figures;

import org.jspecify.annotations.NullMarked;
