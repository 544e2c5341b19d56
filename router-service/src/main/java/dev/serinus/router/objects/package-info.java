/**
 * The cluster's objects as JSON trees: read whole, changed in place, written if and only if they
 * differ.
 */
@NullMarked
package dev.serinus.router.objects;

import org.jspecify.annotations.NullMarked;
