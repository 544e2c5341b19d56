package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

/** Names a Gloo Upstream, in the Canary's namespace unless another is given. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record UpstreamRef(
        @Nullable String apiVersion, String kind, String name, @Nullable String namespace) {}
