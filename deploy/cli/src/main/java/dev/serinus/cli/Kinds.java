package dev.serinus.cli;

import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.mesh.Meshes;

import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;

import java.util.List;
import java.util.stream.Stream;

/**
 * The kinds of objects that the commands read and write. They are all spelled out, since a client
 * that looks a kind up in the cluster fails where the cluster does not know it.
 */
final class Kinds {

    static final ResourceDefinitionContext CANARY = Kind.CANARY.context();
    static final ResourceDefinitionContext DEPLOYMENT = Kind.DEPLOYMENT.context();
    static final ResourceDefinitionContext DAEMON_SET = Kind.DAEMON_SET.context();
    static final ResourceDefinitionContext CONFIG_MAP = Kind.CONFIG_MAP.context();
    static final ResourceDefinitionContext SECRET = Kind.SECRET.context();
    static final ResourceDefinitionContext CONTROLLER_REVISION = Kind.CONTROLLER_REVISION.context();

    /** What of the whole cluster may: it says itself whose Canary's it is. */
    static final List<ResourceDefinitionContext> MARKED_OF_CLUSTER =
            Meshes.all().stream()
                    .flatMap(mesh -> mesh.writes().stream())
                    .filter(kind -> !kind.isNamespaced())
                    .distinct()
                    .map(Kind::context)
                    .toList();

    /** What may carry an annotation of Serinus, but for Canaries. */
    static final List<ResourceDefinitionContext> MARKED =
            Stream.concat(
                            Stream.of(
                                    Kind.DEPLOYMENT,
                                    Kind.DAEMON_SET,
                                    Kind.SERVICE,
                                    Kind.CONFIG_MAP,
                                    Kind.SECRET,
                                    Kind.AUTOSCALER,
                                    Kind.SCALED_OBJECT),
                            Meshes.all().stream()
                                    .flatMap(
                                            mesh ->
                                                    Stream.concat(
                                                            mesh.writes().stream(),
                                                            mesh.steers().stream())))
                    .filter(Kind::isNamespaced)
                    .distinct()
                    .map(Kind::context)
                    .toList();

    private Kinds() {}
}
