/** Takes the decisions of the past again, from the journal and nothing else. */
@NullMarked
package dev.serinus.analysis.replay;

import org.jspecify.annotations.NullMarked;
