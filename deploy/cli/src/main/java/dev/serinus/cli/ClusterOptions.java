package dev.serinus.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;

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

    /** The only namespace; null for all. */
    @Nullable String namespace() {
        return namespace;
    }

    /** Does this with a client of the cluster, whose refusals become sentences. */
    int with(ClusterAccess.Work work) throws InterruptedException {
        return ClusterAccess.with(kubeconfig, work);
    }
}
