/**
 * The commands that look into records that no service could use, and put them on their topics once
 * more.
 */
@NullMarked
package dev.serinus.cli.deadletters;

import org.jspecify.annotations.NullMarked;
