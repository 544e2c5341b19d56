/** The HTTP side: the fleet as JSON, health, and metrics. */
@NullMarked
package dev.serinus.analysis.api;

import org.jspecify.annotations.NullMarked;
