package dev.serinus.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which Canaries a command is about. */
final class ClusterOptions {

    @Mixin private KubeconfigOptions kubeconfig = new KubeconfigOptions();

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
        return kubeconfig.with(work);
    }
}
