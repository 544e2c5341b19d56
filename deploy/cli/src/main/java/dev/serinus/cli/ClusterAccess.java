package dev.serinus.cli;

import dev.serinus.schemas.cluster.Kind;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/** The cluster that a command is about. */
public final class ClusterAccess {

    private ClusterAccess() {}

    /** What is done in the cluster; the exit code is what it returns. */
    public interface Work {
        int on(KubernetesClient client) throws InterruptedException;
    }

    /** What the API server said of what it refused. */
    public static String said(KubernetesClientException trouble) {
        return Clusters.said(trouble);
    }

    /**
     * Does this with a client of the cluster. Trouble with it becomes a {@link Refused}.
     *
     * @param kubeconfig null where the usual places are looked at
     * @param context null for the current one
     */
    public static int with(@Nullable Path kubeconfig, @Nullable String context, Work work)
            throws InterruptedException {
        var cluster = ClusterConfig.find(kubeconfig, context, null, System.getenv());
        Config config = Clusters.impatient(cluster.config());
        try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
            Clusters.check(client, cluster);
            return work.on(client);
        } catch (KubernetesClientException trouble) {
            throw new Refused(
                    List.of(
                            Kind.isUnknown(trouble)
                                    ? "the cluster at %s does not know Canaries: is it the one that is meant?"
                                            .formatted(config.getMasterUrl())
                                    : "the cluster at %s refuses what was asked: %s"
                                            .formatted(
                                                    config.getMasterUrl(),
                                                    Clusters.said(trouble))));
        }
    }
}
