package dev.serinus.schemas.canary;

import com.fasterxml.jackson.annotation.JsonInclude;

import org.jspecify.annotations.Nullable;

/** One entry of spec.analysis.alerts. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CanaryAlert(String name, @Nullable String severity, NamespacedRef providerRef) {}
