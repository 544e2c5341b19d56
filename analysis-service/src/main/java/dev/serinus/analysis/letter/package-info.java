/**
 * Records that no service could use: what lies there, who may be shown it, and which may be put on
 * their topics once more. The API and the command {@code dead-letters} look here.
 */
@NullMarked
package dev.serinus.analysis.letter;

import org.jspecify.annotations.NullMarked;
