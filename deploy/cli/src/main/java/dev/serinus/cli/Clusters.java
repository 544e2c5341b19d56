package dev.serinus.cli;

import dev.serinus.schemas.shell.ErrorCauses;
import dev.serinus.schemas.shell.KubernetesClients;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import java.util.List;

/** Reaches the cluster, or says what is missing there. */
final class Clusters {

    private static final int FORBIDDEN = 403;

    private Clusters() {}

    static KubernetesClient connect(LocalSettings settings) {
        Config config =
                settings.kubeconfig() == null
                        ? Config.autoConfigure(null)
                        : Config.fromKubeconfig(settings.kubeconfig().toFile());
        // All five services watch and write through this one client.
        config =
                new ConfigBuilder(config)
                        .withMaxConcurrentRequests(256)
                        .withMaxConcurrentRequestsPerHost(256)
                        .build();
        var client = KubernetesClients.of(config);
        try {
            checkDefinitions(client);
            return client;
        } catch (Refused refused) {
            client.close();
            throw refused;
        }
    }

    private static void checkDefinitions(KubernetesClient client) {
        try {
            var canaries =
                    client.apiextensions()
                            .v1()
                            .customResourceDefinitions()
                            .withName("canaries.flagger.app")
                            .get();
            if (canaries == null) {
                throw new Refused(
                        List.of(
                                "the cluster does not know Canaries yet: deploy/serinus crds |"
                                        + " kubectl apply -f -"));
            }
        } catch (KubernetesClientException trouble) {
            if (trouble.getCode() != FORBIDDEN) { // who may not read definitions may well have them
                throw new Refused(
                        List.of(
                                "the cluster at %s cannot be reached: %s"
                                        .formatted(
                                                client.getMasterUrl(),
                                                ErrorCauses.shortest(trouble))));
            }
        }
    }
}
