/** What hooks ask to have run: when its turn comes, how it ended, and what is known of it. */
@NullMarked
package dev.serinus.loadtester.task;

import org.jspecify.annotations.NullMarked;
