package dev.serinus.dataplane.cluster;

/** A kind of route by its API version, such as {@code gateway.networking.k8s.io/v1 HTTPRoute}. */
public record RouteKind(String apiVersion, String kind) {}
