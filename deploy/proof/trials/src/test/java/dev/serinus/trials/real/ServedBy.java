package dev.serinus.trials.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * Which pods one Service leads to, one after the other, as the endpoint slice controller of the
 * control plane makes it of the Service's selector and of pods that are ready. It is what sends
 * connections to pods that looks at these.
 */
final class ServedBy implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** How many ready pods of each side it leads to. */
    record Pods(int primary, int canary) {}

    private final ConcurrentSkipListMap<Long, Pods> moments = new ConcurrentSkipListMap<>();
    private final Watch watch;

    ServedBy(TestBed bed, String app) {
        watch =
                bed.admin()
                        .genericKubernetesResources("discovery.k8s.io/v1", "EndpointSlice")
                        .inNamespace(bed.namespace())
                        .withLabel("kubernetes.io/service-name", app)
                        .watch(
                                new Watcher<>() {
                                    @Override
                                    public void eventReceived(
                                            Action action, GenericKubernetesResource slice) {
                                        if (action != Action.DELETED) {
                                            seen(JSON.valueToTree(slice), app);
                                        }
                                    }

                                    @Override
                                    public void onClose(WatcherException lost) {
                                        throw new IllegalStateException("a watch of " + app, lost);
                                    }
                                });
    }

    private void seen(JsonNode slice, String app) {
        int primary = 0;
        int canary = 0;
        for (JsonNode endpoint : slice.path("endpoints")) {
            if (endpoint.at("/conditions/ready").asBoolean()) {
                int addresses = endpoint.path("addresses").size();
                if (endpoint.at("/targetRef/name").asText().startsWith(app + "-primary-")) {
                    primary += addresses;
                } else {
                    canary += addresses;
                }
            }
        }
        moments.put(
                Long.parseLong(slice.at("/metadata/resourceVersion").asText()),
                new Pods(primary, canary));
    }

    /** Each that differs from the one before. */
    List<Pods> pods() {
        List<Pods> all = new ArrayList<>();
        moments.values().stream()
                .filter(it -> all.isEmpty() || !all.getLast().equals(it))
                .forEach(all::add);
        return all;
    }

    @Override
    public void close() {
        watch.close();
    }
}
