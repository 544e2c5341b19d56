/** What is done to a cluster, step by step, and what the servers around it answer. */
@NullMarked
package dev.serinus.conformance.scenario;

import org.jspecify.annotations.NullMarked;
