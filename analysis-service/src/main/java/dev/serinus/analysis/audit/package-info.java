/** What people did and were refused, kept in one place for those who have to answer for it. */
@NullMarked
package dev.serinus.analysis.audit;

import org.jspecify.annotations.NullMarked;
