package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

/** Names an object, in the Canary's namespace unless another is given. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NamespacedRef(String name, @Nullable String namespace) {}
