/** Acts: the only writer of workloads, Services and routes. */
@Configuration
@Requires(property = "serinus.service", value = "router", defaultValue = "router")
@NullMarked
package dev.serinus.router;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;

import org.jspecify.annotations.NullMarked;
