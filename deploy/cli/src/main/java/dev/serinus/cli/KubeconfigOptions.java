package dev.serinus.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;

/** Which cluster a command looks at itself, as kubectl has it. */
public final class KubeconfigOptions {

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "Kubeconfig; without it KUBECONFIG, ~/.kube/config, or the pod's own.")
    private @Nullable Path kubeconfig;

    @Option(
            names = "--context",
            paramLabel = "NAME",
            description = "Context of the kubeconfig; without it its current one.")
    private @Nullable String context;

    /** Does this with a client of the cluster, whose refusals become sentences. */
    public int with(ClusterAccess.Work work) throws InterruptedException {
        return ClusterAccess.with(kubeconfig, context, work);
    }

    /** True where one was named. */
    public boolean isGiven() {
        return kubeconfig != null || context != null;
    }
}
