package dev.serinus.schemas.canary;

/** Names a Secret of the same namespace. */
public record SecretRef(String name) {}
