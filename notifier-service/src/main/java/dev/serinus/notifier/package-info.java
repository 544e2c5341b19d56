/** Tells people, and the global event webhook, what happens to Canaries. */
@Configuration
@Requires(property = "serinus.service", value = "notifier", defaultValue = "notifier")
@NullMarked
package dev.serinus.notifier;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;

import org.jspecify.annotations.NullMarked;
