package dev.serinus.cli;

import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.mesh.Meshes;

import java.util.List;
import java.util.Optional;

/** Checks the name of a mesh or ingress that is given as a flag. */
public final class MeshProviders {

    private MeshProviders() {}

    /**
     * A Canary's own provider is checked by the API server, a flag by nobody: Flagger takes any
     * name, and routes by Istio where it does not know it.
     */
    public static void check(String provider, List<String> wrong) {
        Optional<Mesh> mesh = Meshes.find(provider);
        String choices = String.join(", ", Meshes.servedProviders());
        if (mesh.isEmpty()) {
            wrong.add("--mesh-provider must be one of %s; found '%s'".formatted(choices, provider));
        } else if (!mesh.get().isServed()) {
            wrong.add(
                    "--mesh-provider %s (%s) is Flagger's, and not served by this version; it has to be one of %s"
                            .formatted(provider, mesh.get().title(), choices));
        }
    }
}
