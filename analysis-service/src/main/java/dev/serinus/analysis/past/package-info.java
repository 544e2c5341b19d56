/** What happened longer ago than is kept in memory. */
@NullMarked
package dev.serinus.analysis.past;

import org.jspecify.annotations.NullMarked;
