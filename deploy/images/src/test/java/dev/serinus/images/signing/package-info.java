@NullMarked
package dev.serinus.images.signing;

import org.jspecify.annotations.NullMarked;
