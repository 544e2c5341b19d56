package dev.serinus.schemas.canary;

import org.jspecify.annotations.Nullable;

/** One entry of spec.analysis.alerts. */
public record CanaryAlert(String name, @Nullable String severity, NamespacedRef providerRef) {}
