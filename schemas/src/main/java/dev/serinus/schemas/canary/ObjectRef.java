package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

/** Names an object of the Canary's namespace. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ObjectRef(@Nullable String apiVersion, String kind, String name) {}
