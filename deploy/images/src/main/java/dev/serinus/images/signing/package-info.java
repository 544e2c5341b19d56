/** Signatures of images and of what is said of them, by a key in a file. */
@NullMarked
package dev.serinus.images.signing;

import org.jspecify.annotations.NullMarked;
