package dev.serinus.schemas.canary;

import org.jspecify.annotations.Nullable;

/** Names an object, in the Canary's namespace unless another is given. */
public record NamespacedRef(String name, @Nullable String namespace) {}
