/**
 * One decision: an input stamped, the machine asked, the journal entry that lets it be replayed.
 */
@NullMarked
package dev.serinus.analysis.journal;

import org.jspecify.annotations.NullMarked;
