/** What the machine will decide, in a world whose answers are assumed. */
@NullMarked
package dev.serinus.analysis.forecast;

import org.jspecify.annotations.NullMarked;
