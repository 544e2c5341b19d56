/** Calls the webhooks and gates of Canaries. */
@Configuration
@Requires(property = "serinus.service", value = "webhook", defaultValue = "webhook")
@NullMarked
package dev.serinus.webhook;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;

import org.jspecify.annotations.NullMarked;
