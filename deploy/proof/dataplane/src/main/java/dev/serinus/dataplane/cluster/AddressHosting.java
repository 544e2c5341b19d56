package dev.serinus.dataplane.cluster;

import dev.serinus.demo.cluster.Pod;
import dev.serinus.demo.cluster.PodHosting;

import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The kubelet of the pods that are annotated {@code lab/ready: never}, which the test bed leaves
 * alone: each gets an address of its own, and is ready once it listens there. A pod that is deleted
 * answers a while longer, as one with a pause before its end does, and where the machine is so busy
 * that the proxy needs longer, until that sends it nothing any more.
 */
public final class AddressHosting implements PodHosting {

    /** As long as a preStop pause that is usual behind proxies. */
    private static final Duration PAUSE_BEFORE_END = Duration.ofSeconds(5);

    /** One that is sent requests for so long beyond the pause is ended all the same. */
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private static final int PORT = 9898;

    private final KubernetesClient client;
    private final Predicate<String> sentTo;
    private final Map<String, Long> askedSince = new HashMap<>();
    private int addresses;

    /**
     * @param sentTo true for an address and port to which the proxy may send requests
     */
    public AddressHosting(KubernetesClient client, Predicate<String> sentTo) {
        this.client = client;
        this.sentTo = sentTo;
    }

    @Override
    public Optional<InetSocketAddress> place(io.fabric8.kubernetes.api.model.Pod pod) {
        if (pod.getSpec().getNodeName() == null) {
            return Optional.empty();
        }
        addresses++;
        return Optional.of(
                new InetSocketAddress(
                        "10.244.%d.%d".formatted(addresses / 250, addresses % 250 + 1), PORT));
    }

    @Override
    public void listening(Pod server, io.fabric8.kubernetes.api.model.Pod pod) {
        var metadata = pod.getMetadata();
        try {
            var _ =
                    client.pods()
                            .inNamespace(metadata.getNamespace())
                            .withName(metadata.getName())
                            .editStatus(newest -> ready(newest, server.address().getHost()));
        } catch (KubernetesClientException gone) {
            // Its end is on its way here.
        }
    }

    private static io.fabric8.kubernetes.api.model.Pod ready(
            io.fabric8.kubernetes.api.model.Pod pod, String address) {
        String now = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
        return pod.edit()
                .editOrNewStatus()
                .withPhase("Running")
                .withPodIP(address)
                .withStartTime(now)
                .withConditions(
                        Stream.of("PodScheduled", "Initialized", "ContainersReady", "Ready")
                                .map(
                                        type ->
                                                new PodConditionBuilder()
                                                        .withType(type)
                                                        .withStatus("True")
                                                        .withLastTransitionTime(now)
                                                        .build())
                                .toList())
                .endStatus()
                .build();
    }

    @Override
    public Duration pause() {
        return PAUSE_BEFORE_END;
    }

    @Override
    public boolean mayEnd(Pod server) {
        long since = askedSince.computeIfAbsent(server.name(), _ -> System.nanoTime());
        boolean may =
                System.nanoTime() - since > LONGEST.toNanos()
                        || !sentTo.test(server.address().getAuthority());
        if (may) {
            askedSince.remove(server.name());
        }
        return may;
    }
}
