package dev.serinus.schemas.canary;

import org.jspecify.annotations.Nullable;

/** Names a Gloo Upstream, in the Canary's namespace unless another is given. */
public record UpstreamRef(
        @Nullable String apiVersion, String kind, String name, @Nullable String namespace) {}
