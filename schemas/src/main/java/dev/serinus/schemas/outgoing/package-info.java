/**
 * HTTP calls out of a service to addresses that a manifest names: bounded, never to where they must
 * not go, and silent about the address, which may be a secret.
 */
@NullMarked
package dev.serinus.schemas.outgoing;

import org.jspecify.annotations.NullMarked;
