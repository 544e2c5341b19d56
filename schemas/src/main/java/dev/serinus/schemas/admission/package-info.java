/** The rules that a Canary must obey beyond its schema, and its spec as the machine takes it. */
@NullMarked
package dev.serinus.schemas.admission;

import org.jspecify.annotations.NullMarked;
