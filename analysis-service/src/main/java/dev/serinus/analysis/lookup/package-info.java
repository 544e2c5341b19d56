/** Topics that are read when somebody asks, and by nobody in between. */
@NullMarked
package dev.serinus.analysis.lookup;

import org.jspecify.annotations.NullMarked;
