package dev.serinus.schemas.mesh;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All meshes and ingresses: a line for each descriptor. */
public final class Meshes {

    /** The provider of an installation that names none, as in Flagger. */
    public static final String DEFAULT = "istio";

    private static final List<Mesh> ALL =
            List.of(
                    Istio.MESH,
                    GatewayApi.V1,
                    GatewayApi.V1BETA1,
                    Kubernetes.MESH,
                    AppMesh.V1BETA1,
                    AppMesh.V1BETA2,
                    Linkerd.MESH,
                    Smi.V1ALPHA1,
                    Smi.V1ALPHA2,
                    Smi.V1ALPHA3,
                    Osm.MESH,
                    Nginx.MESH,
                    Contour.MESH,
                    Gloo.MESH,
                    Traefik.MESH,
                    Skipper.MESH,
                    Apisix.MESH,
                    Emissary.MESH,
                    Alb.MESH,
                    Kuma.MESH,
                    Knative.MESH);

    private Meshes() {}

    /** Every mesh, served or yet to come. */
    public static List<Mesh> all() {
        return ALL;
    }

    /** The meshes that this version serves. */
    public static List<Mesh> served() {
        return ALL.stream().filter(Mesh::isServed).toList();
    }

    /**
     * The mesh that a provider's name means. The longest match counts, and Istio serves what nobody
     * knows, as in Flagger (pkg/router/factory.go): installations rely on it with names of their
     * own.
     */
    public static Mesh of(String provider) {
        return find(provider).orElse(Istio.MESH);
    }

    /**
     * The same for a Canary that may ask for its share by its pods, which counts without a mesh
     * alone.
     *
     * @param byReplicas whether it asks for that
     */
    public static Mesh of(String provider, boolean byReplicas) {
        var mesh = of(provider);
        return byReplicas && mesh.equals(Kubernetes.MESH) ? Kubernetes.BY_REPLICAS : mesh;
    }

    /** The mesh that a provider's name means; empty when nobody knows it. */
    public static Optional<Mesh> find(String provider) {
        return find(provider, ALL);
    }

    /** The mesh of these that a provider's name means; empty when none does. */
    public static Optional<Mesh> find(String provider, List<Mesh> meshes) {
        // Asked for at every step of every Canary, so without a stream.
        Mesh found = null;
        int longest = -1;
        for (Mesh mesh : meshes) {
            for (ProviderName name : mesh.providers()) {
                if (name.text().length() > longest && name.matches(provider)) {
                    found = mesh;
                    longest = name.text().length();
                }
            }
        }
        return Optional.ofNullable(found);
    }

    /** The provider that seems to be meant by a name that nobody knows; empty where none is. */
    public static Optional<String> nearest(String provider) {
        return NearestProvider.to(provider, ALL);
    }

    /**
     * The mesh whose built-in queries measure a Canary. One that names a provider in an
     * installation for Linkerd is measured by Linkerd, since its pods are in that mesh, as in
     * Flagger (pkg/metrics/observers/factory.go).
     *
     * @param own spec.provider; null when the Canary names none
     * @param installation the installation's provider
     */
    public static Mesh measuring(@Nullable String own, String installation) {
        if (own == null) {
            return of(installation);
        }
        return installation.contains(Linkerd.MESH.provider()) ? Linkerd.MESH : of(own);
    }

    /**
     * What Flagger calls the mesh that measures a Canary, in its events.
     *
     * @param own as in {@link #measuring}
     * @param isService true where the target is a Kubernetes Service
     */
    public static String measuringName(
            @Nullable String own, String installation, boolean isService) {
        String name =
                own == null
                        ? installation
                        : installation.contains(Linkerd.MESH.provider())
                                ? Linkerd.MESH.provider()
                                : own;
        return isService ? name + ":service" : name;
    }

    /** The values that {@code spec.provider} may have, sorted. */
    public static List<String> providers() {
        return names(ALL.stream());
    }

    /** The values of {@code spec.provider} that this version serves, sorted. */
    public static List<String> servedProviders() {
        return names(served().stream());
    }

    private static List<String> names(Stream<Mesh> meshes) {
        return meshes.flatMap(mesh -> mesh.providers().stream())
                .map(ProviderName::text)
                .sorted()
                .collect(Collectors.toUnmodifiableList());
    }
}
