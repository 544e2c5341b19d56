/** Repairing what somebody else changed. */
@NullMarked
package dev.serinus.router.drift;

import org.jspecify.annotations.NullMarked;
