/** What one rollout cannot know alone: who of those that share a budget may run now. Pure. */
@NullMarked
package dev.serinus.analysis.permit;

import org.jspecify.annotations.NullMarked;
