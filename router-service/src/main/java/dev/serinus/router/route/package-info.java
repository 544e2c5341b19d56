/** How traffic is steered: one file per mesh or ingress. */
@NullMarked
package dev.serinus.router.route;

import org.jspecify.annotations.NullMarked;
