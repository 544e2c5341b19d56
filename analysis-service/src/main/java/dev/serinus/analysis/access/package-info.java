/** Who asks, and what they may see and do. */
@NullMarked
package dev.serinus.analysis.access;

import org.jspecify.annotations.NullMarked;
