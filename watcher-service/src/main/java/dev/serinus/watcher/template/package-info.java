/**
 * The part of Go's text/template that metric queries use; it reaches nothing but what it is given.
 */
@NullMarked
package dev.serinus.watcher.template;

import org.jspecify.annotations.NullMarked;
