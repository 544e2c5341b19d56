package dev.serinus.cli;

import dev.serinus.schemas.cluster.Kind;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.List;

/** Which Canaries a command is about. */
final class ClusterOptions {

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Kubeconfig; without it KUBECONFIG, ~/.kube/config, or the pod's own.")
    private @Nullable Path kubeconfig;

    @Option(
            names = "--namespace",
            paramLabel = "NS",
            description = "Only this namespace; without it all.")
    private @Nullable String namespace;

    /** What is done in the cluster; the exit code is what it returns. */
    interface Work {
        int on(KubernetesClient client) throws InterruptedException;
    }

    /** The only namespace; null for all. */
    @Nullable String namespace() {
        return namespace;
    }

    /** Does this with a client of the cluster, whose refusals become sentences. */
    int with(Work work) throws InterruptedException {
        new LogOptions().settings(System.getenv()).forEach(System::setProperty);
        var cluster = ClusterConfig.find(kubeconfig, null, System.getenv());
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
