/** What the services' metrics have in common. */
@NullMarked
package dev.serinus.schemas.telemetry;

import org.jspecify.annotations.NullMarked;
