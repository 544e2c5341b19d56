/** Topics, their keys and their names. */
@NullMarked
package dev.serinus.schemas.topic;

import org.jspecify.annotations.NullMarked;
