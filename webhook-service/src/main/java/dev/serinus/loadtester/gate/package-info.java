/** Gates of canaries: who opened them, why, and where that is kept. */
@NullMarked
package dev.serinus.loadtester.gate;

import org.jspecify.annotations.NullMarked;
