package dev.serinus.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

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

    /**
     * The cluster that is meant. What cannot be found or used is {@link Refused}.
     *
     * @param master address of the API server instead of the one that is written; null for that
     */
    ClusterConfig cluster(@Nullable String master, Map<String, String> environment) {
        return ClusterConfig.find(kubeconfig, context, master, environment);
    }

    /** What is wrong with the file that is named, to be told beside other mistakes. */
    void check(List<String> wrong) {
        if (kubeconfig != null && !Files.isReadable(kubeconfig)) {
            wrong.add(
                    "--kubeconfig %s %s"
                            .formatted(
                                    kubeconfig,
                                    Files.exists(kubeconfig)
                                            ? "cannot be read: permission denied"
                                            : "does not exist"));
        }
    }

    /** True where one was named. */
    public boolean isGiven() {
        return kubeconfig != null || context != null;
    }
}
