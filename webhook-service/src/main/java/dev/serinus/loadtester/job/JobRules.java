package dev.serinus.loadtester.job;

import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.schemas.shell.SettingProblems;

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
        checkAccount(serviceAccount, namespaces);
        if (client == null && !namespaces.isEmpty()) {
            throw new IllegalArgumentException("jobs need a cluster");
        }
    }

    /** Throws where this account cannot be one that Jobs name. */
    public static void checkAccount(@Nullable String serviceAccount, List<String> namespaces) {
        if (serviceAccount == null) {
            return;
        }
        new SettingProblems()
                .unless(
                        ObjectNames.isName(serviceAccount),
                        "SERINUS_LOADTESTER_JOBS_SERVICE_ACCOUNT has to be the name of one, was '%s': leave it out where there is none"
                                .formatted(serviceAccount))
                .unless(
                        !namespaces.isEmpty(),
                        "SERINUS_LOADTESTER_JOBS_SERVICE_ACCOUNT needs"
                                + " SERINUS_LOADTESTER_JOBS_NAMESPACES")
                .refuse();
    }

    /** No Jobs at all. */
    public static JobRules none() {
        return new JobRules(null, List.of(), null);
    }
}
