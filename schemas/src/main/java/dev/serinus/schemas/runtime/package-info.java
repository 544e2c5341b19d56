/** The small runtime under every service's message loop. */
@NullMarked
package dev.serinus.schemas.runtime;

import org.jspecify.annotations.NullMarked;
