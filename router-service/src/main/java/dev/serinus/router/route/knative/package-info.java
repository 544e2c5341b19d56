/** Knative Serving, which routes between the revisions of a Service. */
@NullMarked
package dev.serinus.router.route.knative;

import org.jspecify.annotations.NullMarked;
