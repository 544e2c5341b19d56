package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

/** Names a Secret of the same namespace. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SecretRef(String name) {}
