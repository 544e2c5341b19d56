/** The commands that ask a hub by its API: what goes on, and what people want of it. */
@NullMarked
package dev.serinus.cli.hub;

import org.jspecify.annotations.NullMarked;
