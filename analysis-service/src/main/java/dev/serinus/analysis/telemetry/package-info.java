/**
 * What the service tells about itself and, by Flagger's names, about the canaries it decides on.
 */
@NullMarked
package dev.serinus.analysis.telemetry;

import org.jspecify.annotations.NullMarked;
