package dev.serinus.cli;

import dev.serinus.schemas.shell.ErrorCauses;
import dev.serinus.schemas.shell.KubernetesClients;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import org.jspecify.annotations.Nullable;

import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import javax.net.ssl.SSLException;

/** Reaches the cluster, or says what is missing there. */
final class Clusters {

    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int SERVER_ERROR = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private Clusters() {}

    /**
     * A client of a cluster that answers. A cluster that is away is waited for, and that is said
     * once; what does not heal by itself is refused.
     */
    static KubernetesClient connect(ClusterConfig cluster, Consumer<String> tell)
            throws InterruptedException {
        try (var probe = client(impatient(cluster.config()))) {
            awaitAnswer(probe, cluster, tell);
            checkDefinitions(probe, cluster);
        }
        // All five services watch and write through this one client.
        return client(
                new ConfigBuilder(cluster.config())
                        .withMaxConcurrentRequests(256)
                        .withMaxConcurrentRequestsPerHost(256)
                        .build());
    }

    /** Refuses a cluster that cannot be worked on now; nothing is waited for. */
    static void check(KubernetesClient client, ClusterConfig cluster) {
        String away = away(client, cluster);
        if (away != null) {
            throw new Refused(
                    List.of(
                            "the cluster at %s does not answer: %s"
                                    .formatted(client.getMasterUrl(), away)));
        }
    }

    private static KubernetesClient client(Config config) {
        return KubernetesClients.of(config);
    }

    /** One that says at once that nobody answers; the client's own would try for minutes. */
    static Config impatient(Config config) {
        return new ConfigBuilder(config)
                .withConnectionTimeout((int) PATIENCE.toMillis())
                .withRequestTimeout((int) PATIENCE.toMillis())
                .withRequestRetryBackoffLimit(0)
                .build();
    }

    private static void awaitAnswer(
            KubernetesClient probe, ClusterConfig cluster, Consumer<String> tell)
            throws InterruptedException {
        String told = "";
        while (true) {
            String away = away(probe, cluster);
            if (away == null) {
                return;
            }
            if (Thread.interrupted()) {
                throw new InterruptedException("stopped while the cluster was asked");
            }
            if (!away.equals(told)) {
                tell.accept(
                        "The cluster at %s does not answer: %s. It is tried again every %d s until it does."
                                .formatted(probe.getMasterUrl(), away, PAUSE.toSeconds()));
                told = away;
            }
            Thread.sleep(PAUSE);
        }
    }

    /** Why nobody answers, which may heal by itself; null when somebody does. */
    private static @Nullable String away(KubernetesClient probe, ClusterConfig cluster) {
        try {
            if (probe.getKubernetesVersion() != null) {
                return null;
            }
            throw new Refused(List.of(otherServer(probe, cluster))); // it has no /version
        } catch (KubernetesClientException trouble) {
            if (trouble.getCode() == FORBIDDEN) {
                return null; // somebody answers; what may be done there is asked next
            }
            if (trouble.getCode() >= SERVER_ERROR) {
                return "HTTP " + trouble.getCode();
            }
            if (trouble.getCode() > 0) {
                throw new Refused(List.of(refusal(trouble, probe, cluster)));
            }
            if (ErrorCauses.of(trouble).anyMatch(SSLException.class::isInstance)) {
                throw new Refused(
                        List.of(
                                "the cluster at %s cannot be trusted by what %s says: %s"
                                        .formatted(
                                                probe.getMasterUrl(),
                                                cluster.source(),
                                                ErrorCauses.shortest(trouble))));
            }
            return because(trouble);
        }
    }

    private static String refusal(
            KubernetesClientException trouble, KubernetesClient probe, ClusterConfig cluster) {
        return trouble.getCode() == UNAUTHORIZED
                ? "the cluster at %s does not accept the credentials of %s (401 Unauthorized): are they of another cluster, or expired?"
                        .formatted(probe.getMasterUrl(), cluster.source())
                : otherServer(probe, cluster);
    }

    private static String otherServer(KubernetesClient probe, ClusterConfig cluster) {
        return "%s does not answer as a Kubernetes API server does: is the address in %s right?"
                .formatted(probe.getMasterUrl(), cluster.source());
    }

    private static String because(KubernetesClientException trouble) {
        if (ErrorCauses.of(trouble)
                .anyMatch(
                        cause ->
                                cause instanceof UnknownHostException
                                        || cause instanceof UnresolvedAddressException)) {
            return "its name is not known";
        }
        if (ErrorCauses.of(trouble).anyMatch(ConnectException.class::isInstance)) {
            return "no connection (is it running?)";
        }
        return ErrorCauses.shortest(trouble);
    }

    /** What the API server said; the client adds the whole answer to it. */
    static String said(KubernetesClientException trouble) {
        var status = trouble.getStatus();
        return status == null || status.getMessage() == null
                ? because(trouble)
                : status.getMessage();
    }

    private static void checkDefinitions(KubernetesClient client, ClusterConfig cluster) {
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
                                "the cluster of %s does not say whether it knows Canaries: %s"
                                        .formatted(cluster.source(), said(trouble))));
            }
        }
    }
}
