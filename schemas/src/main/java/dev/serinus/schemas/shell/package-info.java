/** What every service starts in: its process, settings, health and metrics over HTTP. */
@NullMarked
package dev.serinus.schemas.shell;

import org.jspecify.annotations.NullMarked;
