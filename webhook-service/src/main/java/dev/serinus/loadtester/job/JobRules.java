package dev.serinus.loadtester.job;

import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * Which Jobs an operator lets be made.
 *
 * @param client of the cluster in which they are made; null where none are
 * @param namespaces in which they are made; none when empty
 * @param serviceAccount the only account that one may name, which it has where it names none; null
 *     for none but the namespace's {@code default}
 * @param hostAccess whether their pods may have what lets a process out of its pod: the node's
 *     namespaces and files, and privileges
 */
public record JobRules(
        @Nullable KubernetesClient client,
        List<String> namespaces,
        @Nullable String serviceAccount,
        boolean hostAccess) {

    /** Without access to hosts. */
    public JobRules(
            @Nullable KubernetesClient client,
            List<String> namespaces,
            @Nullable String serviceAccount) {
        this(client, namespaces, serviceAccount, false);
    }

    public JobRules {
        namespaces = List.copyOf(namespaces);
        if (serviceAccount != null && serviceAccount.isBlank()) {
            throw new IllegalArgumentException(
                    "serinus.loadtester.jobs-service-account is empty: leave it out");
        }
        if (serviceAccount != null && namespaces.isEmpty()) {
            throw new IllegalArgumentException(
                    "serinus.loadtester.jobs-service-account needs"
                            + " serinus.loadtester.jobs-namespaces");
        }
        if (client == null && !namespaces.isEmpty()) {
            throw new IllegalArgumentException("jobs need a cluster");
        }
    }

    /** No Jobs at all. */
    public static JobRules none() {
        return new JobRules(null, List.of(), null);
    }
}
