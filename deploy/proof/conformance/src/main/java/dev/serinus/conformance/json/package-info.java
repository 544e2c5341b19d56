/** JSON as the recordings write it. */
@NullMarked
package dev.serinus.conformance.json;

import org.jspecify.annotations.NullMarked;
