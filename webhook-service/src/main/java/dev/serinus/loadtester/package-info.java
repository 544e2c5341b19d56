/** Runs tests and holds gates that hooks ask for, on the paths of Flagger's load tester. */
@Configuration
@Requires(property = "serinus.service", value = "loadtester")
@NullMarked
package dev.serinus.loadtester;

import io.micronaut.context.annotation.Configuration;
import io.micronaut.context.annotation.Requires;

import org.jspecify.annotations.NullMarked;
