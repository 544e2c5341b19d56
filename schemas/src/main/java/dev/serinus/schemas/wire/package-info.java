/** How records look on the wire. */
@NullMarked
package dev.serinus.schemas.wire;

import org.jspecify.annotations.NullMarked;
