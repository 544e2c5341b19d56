/** What Serinus costs by the number of canaries, beside Flagger. */
@NullMarked
package dev.serinus.bench.scale;

import org.jspecify.annotations.NullMarked;
