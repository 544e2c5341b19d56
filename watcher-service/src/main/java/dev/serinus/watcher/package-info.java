/** Senses: turns evidence of change into facts, asks metric providers, mirrors decisions. */
@Configuration
@Requires(property = "serinus.service", value = "watcher", defaultValue = "watcher")
@NullMarked
package dev.serinus.watcher;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;

import org.jspecify.annotations.NullMarked;
