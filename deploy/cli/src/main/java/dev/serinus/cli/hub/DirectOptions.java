package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.cli.ClusterAccess;
import dev.serinus.cli.Refused;
import dev.serinus.schemas.cluster.ResourceWatch;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Reads a cluster's own Canaries where there is no hub to ask. */
final class DirectOptions {

    /** As many events are read; the latest of them are told. */
    private static final long MOST_EVENTS = 500;

    @Option(
            names = "--direct",
            description = "Read the status of the Canaries from the cluster itself, without a hub.")
    private boolean direct;

    @Option(
            names = "--kubeconfig",
            paramLabel = "FILE",
            description = "With --direct: without it KUBECONFIG, ~/.kube/config, or the pod's own.")
    private @Nullable Path kubeconfig;

    boolean isAsked() {
        return direct;
    }

    /** What a command does with the cluster. */
    @FunctionalInterface
    interface Work {
        int with(KubernetesClient client) throws HubTrouble;
    }

    /** Does it, and tells what comes in between. */
    int work(HubOptions options, Work work) throws InterruptedException {
        try {
            return ClusterAccess.with(
                    kubeconfig,
                    client -> {
                        try {
                            return work.with(client);
                        } catch (HubTrouble trouble) {
                            options.err().println("serinus: " + trouble.getMessage());
                            return trouble.code();
                        }
                    });
        } catch (Refused noCluster) {
            options.err().println("serinus: " + noCluster.getMessage());
            return ExitCodes.HUB;
        } finally {
            options.out().flush();
        }
    }

    /** The Canaries of the namespace and cluster that are named, as a hub would tell of them. */
    static List<JsonNode> rollouts(KubernetesClient client, HubOptions options) {
        @Nullable String namespace = options.namespace();
        var all = client.genericKubernetesResources(ResourceWatch.CANARIES);
        var found =
                namespace == null
                        ? all.inAnyNamespace().list().getItems()
                        : all.inNamespace(namespace).list().getItems();
        return found.stream()
                .map(CanaryStatus::rollout)
                .filter(options::isOfCluster)
                .sorted(
                        Comparator.comparing((JsonNode it) -> it.path("namespace").asText())
                                .thenComparing(it -> it.path("name").asText()))
                .toList();
    }

    /** The one of this name among these. */
    static JsonNode named(String text, List<JsonNode> rollouts) throws HubTrouble {
        var named = HubOptions.named(text, rollouts);
        return rollouts.stream()
                .filter(each -> HubOptions.Named.of(each).equals(named))
                .findFirst()
                .orElseThrow(
                        () ->
                                new HubTrouble(
                                        ExitCodes.NOT_FOUND,
                                        "no rollout of %s is known".formatted(text)));
    }

    /** One rollout, and the Kubernetes events of its Canary, the oldest first. */
    static ObjectNode detail(KubernetesClient client, JsonNode rollout) {
        ObjectNode detail = Hub.JSON.createObjectNode();
        detail.set("rollout", rollout);
        ArrayNode history = detail.putArray("history");
        events(client, rollout)
                .map(CanaryStatus::event)
                .sorted(Comparator.comparing(it -> it.path("at").asText()))
                .forEach(history::add);
        return detail;
    }

    private static Stream<GenericKubernetesResource> events(
            KubernetesClient client, JsonNode rollout) {
        return client
                .genericKubernetesResources("v1", "Event")
                .inNamespace(rollout.path("namespace").asText())
                .withField("involvedObject.kind", "Canary")
                .withField("involvedObject.name", rollout.path("name").asText())
                .list(new ListOptionsBuilder().withLimit(MOST_EVENTS).build())
                .getItems()
                .stream();
    }
}
