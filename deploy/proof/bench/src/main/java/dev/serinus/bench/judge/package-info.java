/** How often the judges fail a canary, by how much worse it is: beside Kayenta's default rule. */
@NullMarked
package dev.serinus.bench.judge;

import org.jspecify.annotations.NullMarked;
