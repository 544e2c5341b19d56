/** What is done about each command, and what is answered. */
@NullMarked
package dev.serinus.router.command;

import org.jspecify.annotations.NullMarked;
