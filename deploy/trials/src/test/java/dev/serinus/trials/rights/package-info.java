/** What each service may do in a cluster, held against what it does. */
@NullMarked
package dev.serinus.trials.rights;

import org.jspecify.annotations.NullMarked;
