package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.cli.ClusterAccess;
import dev.serinus.cli.KubeconfigOptions;
import dev.serinus.cli.Refused;
import dev.serinus.schemas.cluster.ResourceWatch;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

import java.net.HttpURLConnection;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads a cluster's own Canaries where there is no hub to ask. */
final class DirectOptions {

    private static final long PAGE = 500;

    /** More events of one Canary no cluster keeps, of which each lasts an hour. */
    private static final int MOST_PAGES = 20;

    @Option(
            names = "--direct",
            description =
                    "Read the status of the Canaries from the cluster itself, without a hub; also"
                            + " where --kubeconfig or --context names one.")
    private boolean direct;

    @Mixin private KubeconfigOptions kubeconfig = new KubeconfigOptions();

    /** A cluster is named for nothing else. */
    boolean isAsked() {
        return direct || kubeconfig.isGiven();
    }

    /** What a command does with the cluster. */
    @FunctionalInterface
    interface Work {
        int with(KubernetesClient client) throws HubTrouble;
    }

    /** Does it, and tells what comes in between. */
    int work(HubOptions options, Work work) throws InterruptedException {
        try {
            return kubeconfig.with(
                    client -> {
                        try {
                            return work.with(client);
                        } catch (HubTrouble trouble) {
                            options.err().println("serinus: " + trouble.getMessage());
                            return trouble.code();
                        } catch (KubernetesClientException trouble) {
                            if (!isForbidden(trouble)) {
                                throw trouble;
                            }
                            options.err()
                                    .println(
                                            "serinus: the cluster does not let you read this: "
                                                    + ClusterAccess.said(trouble));
                            return ExitCodes.NOT_ALLOWED;
                        }
                    });
        } catch (Refused noCluster) {
            options.err().println("serinus: " + noCluster.getMessage());
            return ExitCodes.HUB;
        } finally {
            options.out().flush();
        }
    }

    /**
     * The Canaries of the namespace and cluster that are named, as a hub would tell of them.
     * Whoever may not see all namespaces is told of that of the kubeconfig's context.
     */
    static List<JsonNode> rollouts(KubernetesClient client, HubOptions options) {
        @Nullable String namespace = options.namespace();
        if (namespace != null) {
            return sorted(listed(client, namespace), options);
        }
        var all = client.genericKubernetesResources(ResourceWatch.CANARIES);
        try {
            return sorted(all.inAnyNamespace().list().getItems(), options);
        } catch (KubernetesClientException trouble) {
            @Nullable String own = client.getNamespace();
            if (!isForbidden(trouble) || own == null) {
                throw trouble;
            }
            var found = sorted(listed(client, own), options);
            options.err()
                    .println("serinus: only of namespace %s: not all may be seen".formatted(own));
            options.err().flush();
            return found;
        }
    }

    private static List<GenericKubernetesResource> listed(
            KubernetesClient client, String namespace) {
        return client.genericKubernetesResources(ResourceWatch.CANARIES)
                .inNamespace(namespace)
                .list()
                .getItems();
    }

    private static List<JsonNode> sorted(
            List<GenericKubernetesResource> found, HubOptions options) {
        return found.stream()
                .map(CanaryStatus::rollout)
                .filter(options::isOfCluster)
                .sorted(
                        Comparator.comparing((JsonNode it) -> it.path("namespace").asText())
                                .thenComparing(it -> it.path("name").asText()))
                .toList();
    }

    /** The one of this name. Nobody else's is looked at where it says its namespace. */
    static JsonNode rollout(KubernetesClient client, HubOptions options, String text)
            throws HubTrouble {
        String[] parts = text.split("/", -1);
        @Nullable String namespace =
                parts.length > 1 ? parts[parts.length - 2] : options.namespace();
        if (namespace == null || namespace.isEmpty() || parts.length > 3) {
            return named(text, rollouts(client, options));
        }
        @Nullable GenericKubernetesResource found =
                client.genericKubernetesResources(ResourceWatch.CANARIES)
                        .inNamespace(namespace)
                        .withName(parts[parts.length - 1])
                        .get();
        return named(text, found == null ? List.of() : sorted(List.of(found), options));
    }

    private static boolean isForbidden(KubernetesClientException trouble) {
        return trouble.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                || trouble.getCode() == HttpURLConnection.HTTP_UNAUTHORIZED;
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
    static ObjectNode detail(KubernetesClient client, HubOptions options, JsonNode rollout) {
        ObjectNode detail = Hub.JSON.createObjectNode();
        detail.set("rollout", rollout);
        ArrayNode history = detail.putArray("history");
        events(client, options, rollout).stream()
                .map(CanaryStatus::event)
                .sorted(Comparator.comparing(it -> it.path("at").asText()))
                .forEach(history::add);
        return detail;
    }

    /** All of them, since they are listed by their names and not by their times. */
    private static List<GenericKubernetesResource> events(
            KubernetesClient client, HubOptions options, JsonNode rollout) {
        var all =
                client.genericKubernetesResources("v1", "Event")
                        .inNamespace(rollout.path("namespace").asText())
                        .withField("involvedObject.kind", "Canary")
                        .withField("involvedObject.name", rollout.path("name").asText());
        List<GenericKubernetesResource> found = new ArrayList<>();
        @Nullable String more = null;
        try {
            for (int page = 0; page < MOST_PAGES; page++) {
                var part =
                        all.list(
                                new ListOptionsBuilder()
                                        .withLimit(PAGE)
                                        .withContinue(more)
                                        .build());
                found.addAll(part.getItems());
                more = part.getMetadata() == null ? null : part.getMetadata().getContinue();
                if (more == null || more.isEmpty()) {
                    return found;
                }
            }
            options.err().println("serinus: there are more events than were read");
        } catch (KubernetesClientException trouble) {
            if (!isForbidden(trouble)) {
                throw trouble;
            }
            options.err().println("serinus: its events may not be read");
        }
        options.err().flush();
        return found;
    }
}
