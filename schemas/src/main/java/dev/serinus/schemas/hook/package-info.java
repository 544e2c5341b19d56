/** What a webhook is for: where in a rollout it stands, and what its answer decides. */
@NullMarked
package dev.serinus.schemas.hook;

import org.jspecify.annotations.NullMarked;
