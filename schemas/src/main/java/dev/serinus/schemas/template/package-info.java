/**
 * The part of Go's text/template that metric queries and messages use; it reaches nothing but what
 * it is given.
 */
@NullMarked
package dev.serinus.schemas.template;

import org.jspecify.annotations.NullMarked;
