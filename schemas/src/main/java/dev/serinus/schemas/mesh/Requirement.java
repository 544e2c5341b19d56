package dev.serinus.schemas.mesh;

/** What a mesh cannot do without in a Canary. */
public enum Requirement {
    /** {@code spec.service}: Services are made, and a route to them. */
    SERVICE,
    /** {@code spec.ingressRef}: the user's Ingress, which is copied, or taken over. */
    INGRESS,
    /** {@code spec.routeRef}: the user's route, which is copied. */
    ROUTE,
    /** {@code spec.service.gatewayRefs}: where the route is attached. */
    GATEWAYS,
    /** {@code spec.service.meshName}. */
    MESH_NAME,
    /**
     * A target of the kind that it routes by: what it writes is the target itself, which is never
     * made nor deleted.
     */
    TARGET,
    /**
     * A target with pods: requests that the canary does not get stay with the user's own route, at
     * the apex Service. Where the target is a Service it is the apex, and shows the new version.
     */
    WORKLOAD
}
