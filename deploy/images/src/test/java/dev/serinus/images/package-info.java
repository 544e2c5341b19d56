/** Tests of the images: what is in them, and that they run. */
@NullMarked
package dev.serinus.images;

import org.jspecify.annotations.NullMarked;
