/**
 * What protects traffic: whether each side serves what is sent to it, and how long readiness may be
 * missing.
 */
@NullMarked
package dev.serinus.analysis.rollout.guard;

import org.jspecify.annotations.NullMarked;
