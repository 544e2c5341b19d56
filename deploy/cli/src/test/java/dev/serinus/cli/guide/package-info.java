/** Tries what the user's guide shows. */
@NullMarked
package dev.serinus.cli.guide;

import org.jspecify.annotations.NullMarked;
