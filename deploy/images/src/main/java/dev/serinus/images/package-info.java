/** Builds the container images of Serinus from what a checkout has built, without an engine. */
@NullMarked
package dev.serinus.images;

import org.jspecify.annotations.NullMarked;
