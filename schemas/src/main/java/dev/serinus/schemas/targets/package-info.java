/** What can be released, and what the services must read alike in it. */
@NullMarked
package dev.serinus.schemas.targets;

import org.jspecify.annotations.NullMarked;
