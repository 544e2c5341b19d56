/** What was seen while a scenario was played. */
@NullMarked
package dev.serinus.conformance.recording;

import org.jspecify.annotations.NullMarked;
