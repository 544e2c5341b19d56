package dev.serinus.schemas.mesh;

import dev.serinus.schemas.cluster.Kind;

/** Kubernetes' own Ingress, which several controllers serve. */
public final class Ingresses {

    public static final Kind INGRESS = new Kind("networking.k8s.io", "v1", "Ingress", "ingresses");

    private Ingresses() {}
}
