/** What happens to an application under load, and what has to hold meanwhile. */
@NullMarked
package dev.serinus.dataplane.story;

import org.jspecify.annotations.NullMarked;
