package dev.serinus.demo.cluster;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The pods that are ready to serve, by namespace: what endpoint slices are in a real cluster. */
public final class Pods {

    private final Map<String, List<Pod>> ready = new ConcurrentHashMap<>();

    /** The ready pods that a service with this selector sends to. */
    public List<Pod> selected(String namespace, Map<String, String> selector) {
        return ready.getOrDefault(namespace, List.of()).stream()
                .filter(pod -> pod.labels().entrySet().containsAll(selector.entrySet()))
                .toList();
    }

    void add(String namespace, Pod pod) {
        ready.merge(
                namespace,
                List.of(pod),
                (before, one) ->
                        java.util.stream.Stream.concat(before.stream(), one.stream()).toList());
    }

    void remove(String namespace, Pod pod) {
        ready.computeIfPresent(
                namespace, (_, before) -> before.stream().filter(p -> p != pod).toList());
    }
}
