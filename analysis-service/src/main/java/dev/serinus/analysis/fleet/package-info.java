/** The rollouts of all clusters as read back from the public topics, for the read API. */
@NullMarked
package dev.serinus.analysis.fleet;

import org.jspecify.annotations.NullMarked;
