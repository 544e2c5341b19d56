/** Commands: how they are started, bounded, and ended as a whole. */
@NullMarked
package dev.serinus.loadtester.command;

import org.jspecify.annotations.NullMarked;
