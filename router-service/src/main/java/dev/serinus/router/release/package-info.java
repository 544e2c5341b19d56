/** The two sides of each kind of target: how they come to be, are promoted and are given back. */
@NullMarked
package dev.serinus.router.release;

import org.jspecify.annotations.NullMarked;
