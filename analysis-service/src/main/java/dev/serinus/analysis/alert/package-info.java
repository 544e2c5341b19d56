/**
 * What became of the alerts of rollouts, as the notifiers told it: looked up when somebody asks.
 */
@NullMarked
package dev.serinus.analysis.alert;

import org.jspecify.annotations.NullMarked;
