/** The fake server: every metric provider, webhook and chat service of a scenario. */
@NullMarked
package dev.serinus.conformance.sink;

import org.jspecify.annotations.NullMarked;
