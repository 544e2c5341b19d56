/** The chart as text, as objects of a real API server, and as processes. */
@NullMarked
package dev.serinus.installation;

import org.jspecify.annotations.NullMarked;
