/** What the controllers that are steered by an Ingress have in common. */
@NullMarked
package dev.serinus.router.route.ingress;

import org.jspecify.annotations.NullMarked;
