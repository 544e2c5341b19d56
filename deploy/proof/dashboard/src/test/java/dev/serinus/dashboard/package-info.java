/** The dashboard in a real browser. */
@NullMarked
package dev.serinus.dashboard;

import org.jspecify.annotations.NullMarked;
