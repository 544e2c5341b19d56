package dev.serinus.schemas.canary;

import org.jspecify.annotations.Nullable;

/** Names an object of the Canary's namespace. */
public record ObjectRef(@Nullable String apiVersion, String kind, String name) {}
