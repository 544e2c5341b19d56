/** The target's autoscaler, and the primary's copy of it. */
@NullMarked
package dev.serinus.router.scaler;

import org.jspecify.annotations.NullMarked;
