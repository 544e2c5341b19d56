/** Commands: how they are started, bounded, ended as a whole, and what is known of them. */
@NullMarked
package dev.serinus.loadtester.command;

import org.jspecify.annotations.NullMarked;
