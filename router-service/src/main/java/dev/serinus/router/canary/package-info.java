/** The Canaries of the cluster, as much of them as the router needs. */
@NullMarked
package dev.serinus.router.canary;

import org.jspecify.annotations.NullMarked;
