package dev.serinus.watcher.metrics.provider;

import java.util.function.Function;

/**
 * A kind of metrics provider.
 *
 * @param name the value of spec.provider.type that means it
 * @param setUp makes one of these settings; asks nobody, and what cannot be right is {@link
 *     ProviderSetup.Wrong}. What is to outlast a question, such as an access token, is kept here
 */
public record ProviderType(String name, Function<ProviderContext, ProviderSetup> setUp) {}
