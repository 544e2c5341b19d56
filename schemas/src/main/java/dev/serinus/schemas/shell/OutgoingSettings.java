package dev.serinus.schemas.shell;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * Where calls that a Canary asks for may go, for every service that makes them.
 *
 * @param allowLinkLocal let them go to link-local and metadata addresses
 */
@ConfigurationProperties("serinus")
public record OutgoingSettings(@Bindable(defaultValue = "false") boolean allowLinkLocal) {}
