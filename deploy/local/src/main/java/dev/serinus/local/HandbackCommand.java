package dev.serinus.local;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;

/** Leaves a cluster's Canaries as Flagger wants to find them. */
@Command(
        name = "handback",
        sortOptions = false,
        description =
                "Hand the Canaries back to Flagger, once Serinus was stopped: takes the finalizer"
                        + " off where only Serinus wants one, and all that Serinus noted on"
                        + " objects. Workloads, Services, routes and the status stay as they are.",
        footer = {
            "",
            "Ends with 0 when Flagger goes on without starting a rollout anywhere, with 1"
                    + " otherwise: each Canary is listed."
        })
final class HandbackCommand implements Callable<Integer> {

    @Option(
            names = "--check",
            description = "Only say what would be done and which rollouts it would start.")
    private boolean check;

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

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli looks for it
    private boolean help;

    @Spec private CommandSpec spec;

    @Override
    public Integer call() {
        if (kubeconfig != null && !Files.isReadable(kubeconfig)) {
            throw new Refused(List.of("--kubeconfig " + kubeconfig + " cannot be read"));
        }
        Config config =
                kubeconfig == null
                        ? Config.autoConfigure(null)
                        : Config.fromKubeconfig(kubeconfig.toFile());
        try (var client = new KubernetesClientBuilder().withConfig(config).build()) {
            var handback = new Handback(client);
            var found = handback.look(namespace);
            if (!check) {
                handback.handBack(found);
            }
            return tell(found);
        } catch (KubernetesClientException trouble) {
            throw new Refused(List.of("the cluster said no: " + Causes.shortest(trouble)));
        }
    }

    private int tell(List<Handback.Found> found) {
        PrintWriter out = spec.commandLine().getOut();
        for (Handback.Found each : found) {
            out.println(each.namespace() + "/" + each.name() + " " + each.sentence(check));
        }
        long starting = found.stream().filter(Handback.Found::startsRollout).count();
        long deleted = found.stream().filter(Handback.Found::deleted).count();
        out.println(
                "%d Canaries; Flagger starts a rollout for %d of them; %d are being deleted"
                        .formatted(found.size(), starting, deleted));
        out.flush();
        return starting + deleted == 0 ? 0 : 1;
    }
}
