package dev.serinus.trials.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * What one application's VirtualService gave its canary, and how many pods served on either side
 * then, in the order in which the API server took it: versions of all objects are numbered
 * together.
 */
final class WeightsAndPods implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A weight that was set, and how many pods served on each side when it was. */
    record Turned(int weight, int primary, int canary) {}

    /** One version of one object: a weight, or pods that serve. */
    private record Moment(String object, int value) {}

    private static final String ROUTE = "route";

    private final ConcurrentSkipListMap<Long, Moment> moments = new ConcurrentSkipListMap<>();
    private final List<Watch> watches;
    private final String app;

    WeightsAndPods(TestBed bed, String app) {
        this.app = app;
        watches =
                List.of(
                        watch(
                                bed,
                                "networking.istio.io/v1beta1",
                                "VirtualService",
                                app,
                                ROUTE,
                                "/spec/http/0/route/1/weight"),
                        watch(bed, "apps/v1", "Deployment", app, app, "/status/availableReplicas"),
                        watch(
                                bed,
                                "apps/v1",
                                "Deployment",
                                app + "-primary",
                                app + "-primary",
                                "/status/availableReplicas"));
    }

    private Watch watch(
            TestBed bed, String version, String kind, String name, String object, String value) {
        return bed.admin()
                .genericKubernetesResources(version, kind)
                .inNamespace(bed.namespace())
                .withName(name)
                .watch(
                        new Watcher<>() {
                            @Override
                            public void eventReceived(
                                    Action action, GenericKubernetesResource seen) {
                                JsonNode tree = JSON.valueToTree(seen);
                                moments.put(
                                        Long.parseLong(seen.getMetadata().getResourceVersion()),
                                        new Moment(object, tree.at(value).asInt()));
                            }

                            @Override
                            public void onClose(WatcherException lost) {
                                throw new IllegalStateException("a watch of " + name, lost);
                            }
                        });
    }

    /** Each weight that differs from the one before. */
    List<Turned> turned() {
        Map<String, Integer> now = new HashMap<>();
        List<Turned> all = new ArrayList<>();
        for (Moment moment : moments.values()) {
            var before = now.put(moment.object(), moment.value());
            if (moment.object().equals(ROUTE) && before != null && before != moment.value()) {
                all.add(
                        new Turned(
                                moment.value(),
                                now.getOrDefault(app + "-primary", 0),
                                now.getOrDefault(app, 0)));
            }
        }
        return all;
    }

    @Override
    public void close() {
        watches.forEach(Watch::close);
    }
}
