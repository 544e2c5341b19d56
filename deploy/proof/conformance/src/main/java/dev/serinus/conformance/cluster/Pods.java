package dev.serinus.conformance.cluster;

import com.fasterxml.jackson.databind.JsonNode;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The pods of the cluster's one node. A pod is ready soon after it began, unless its annotation
 * {@code lab/ready} says {@code slow} (4 s later) or {@code never}; one that wants a port of the
 * node that another holds does not begin.
 */
final class Pods {

    private static final Duration START = Duration.ofMillis(400);
    private static final Duration SLOW = Duration.ofSeconds(4);

    /** One pod. */
    final class Pod {

        private final String namespace;
        private final JsonNode template;
        private Instant readyAt = Instant.MAX;
        private boolean begun;

        private Pod(String namespace, JsonNode template) {
            this.namespace = namespace;
            this.template = template;
        }

        JsonNode template() {
            return template;
        }

        boolean ready(Instant now) {
            return !readyAt.isAfter(now);
        }

        /** When it becomes ready; {@link Instant#MAX} for never, as far as is known. */
        Instant readyAt() {
            return readyAt;
        }

        /** Begins unless a port is taken. */
        void begin(Instant now) {
            if (begun || !Collections.disjoint(portsTaken(), ports())) {
                return;
            }
            begun = true;
            readyAt =
                    switch (template.at("/metadata/annotations").path("lab/ready").asText()) {
                        case "never" -> Instant.MAX;
                        case "slow" -> now.plus(SLOW);
                        default -> now.plus(START);
                    };
        }

        boolean begun() {
            return begun;
        }

        private Set<Integer> ports() {
            Set<Integer> ports = new HashSet<>();
            for (JsonNode container : template.at("/spec/containers")) {
                for (JsonNode port : container.path("ports")) {
                    if (port.has("hostPort")) {
                        ports.add(port.path("hostPort").asInt());
                    }
                }
            }
            return ports;
        }
    }

    private static final Resource QUOTAS = Resource.called("resourcequotas").orElseThrow();

    private final List<Pod> all = new ArrayList<>();
    private final Objects objects;

    Pods(Objects objects) {
        this.objects = objects;
    }

    /** True when the namespace's quota has room for one more. */
    boolean room(String namespace) {
        long present = all.stream().filter(pod -> pod.namespace.equals(namespace)).count();
        return objects.list(QUOTAS, namespace).stream()
                .map(quota -> quota.at("/spec/hard/pods").asText())
                .filter(most -> !most.isEmpty())
                .allMatch(most -> present < Integer.parseInt(most));
    }

    Pod create(String namespace, JsonNode template, Instant now) {
        var pod = new Pod(namespace, template);
        all.add(pod);
        pod.begin(now);
        return pod;
    }

    void delete(Pod pod) {
        all.remove(pod);
    }

    private Set<Integer> portsTaken() {
        Set<Integer> taken = new HashSet<>();
        all.stream().filter(Pod::begun).forEach(pod -> taken.addAll(pod.ports()));
        return taken;
    }
}
