package dev.serinus.trials;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;

import java.io.ByteArrayInputStream;
import java.nio.file.Path;

/** What a trial needs around Serinus: a cluster, embedded or real, and a Prometheus. */
interface TestEnvironment extends AutoCloseable {

    /** A client of somebody who may do everything. */
    KubernetesClient user();

    /** Where the Prometheus is. */
    String metricsServer();

    /** A kubeconfig for a service. */
    Path kubeconfig(Path directory, String service);

    /** Creates objects. */
    default void apply(String manifest) {
        user().load(new ByteArrayInputStream(manifest.getBytes(UTF_8)))
                .resources()
                .forEach(resource -> resource.create());
    }

    /** Releases another image. */
    default void image(String namespace, String deployment, String image) {
        user().apps()
                .deployments()
                .inNamespace(namespace)
                .withName(deployment)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        """
                        {"spec":{"template":{"spec":{"containers":[{"name":"podinfo","image":"%s",
                        "ports":[{"name":"http","containerPort":9898}]}]}}}}\
                        """
                                .formatted(image));
    }

    @Override
    void close();
}
