package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

import java.util.List;

/** spec of an AlertProvider. The address is often a secret. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record AlertProviderSpec(
        String type,
        @Nullable String channel,
        @Nullable String username,
        @Nullable String address,
        @Nullable String proxy,
        @Nullable SecretRef secretRef,
        @Nullable String method,
        @Nullable String messageTemplate,
        @Nullable String from,
        @Nullable List<String> to,
        @Nullable String digest) {

    /** Leaves out the address. */
    @Override
    public String toString() {
        return "AlertProviderSpec[type=" + type + "]";
    }
}
