/** The rules that hold for the whole module. */
@NullMarked
package dev.serinus.schemas;

import org.jspecify.annotations.NullMarked;
