/** Real HTTP requests, from a load generator through a gateway that obeys the route object. */
@NullMarked
package dev.serinus.demo.traffic;

import org.jspecify.annotations.NullMarked;
