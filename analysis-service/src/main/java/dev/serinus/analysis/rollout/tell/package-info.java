/** What people read: sentences in Flagger's words, and the fields of an alert. */
@NullMarked
package dev.serinus.analysis.rollout.tell;

import org.jspecify.annotations.NullMarked;
