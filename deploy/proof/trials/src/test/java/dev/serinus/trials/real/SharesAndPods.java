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
import java.util.stream.StreamSupport;

/**
 * What one application's route gave its three sides and how many pods its baseline had, in the
 * order in which the API server took it: versions of all objects are numbered together.
 */
final class SharesAndPods implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BASELINE = 2;

    /** One version of one object. */
    private sealed interface Moment {}

    /** Of a route; empty when it is deleted. */
    private record Shares(List<Integer> percent) implements Moment {
        int baseline() {
            return percent.size() > BASELINE ? percent.get(BASELINE) : 0;
        }
    }

    /** Of the baseline; wanted is -1 when its Deployment is deleted. */
    private record Pods(int wanted, int available) implements Moment {}

    private final ConcurrentSkipListMap<Long, Moment> moments = new ConcurrentSkipListMap<>();
    private final List<Watch> watches;

    SharesAndPods(TestBed bed, Mesh mesh, String app) {
        watches =
                List.of(
                        watch(bed, mesh.version, mesh.kind, app, shares(mesh)),
                        watch(bed, "apps/v1", "Deployment", app + "-baseline", this::pods));
    }

    /** What tells a mesh where requests go. */
    enum Mesh {
        GATEWAY_API("gateway.networking.k8s.io/v1", "HTTPRoute", "/spec/rules/0/backendRefs"),
        ISTIO("networking.istio.io/v1beta1", "VirtualService", "/spec/http/0/route");

        private final String version;
        private final String kind;
        private final String backends;

        Mesh(String version, String kind, String backends) {
            this.version = version;
            this.kind = kind;
            this.backends = backends;
        }
    }

    private interface Seen {
        void as(Watcher.Action action, long version, JsonNode object);
    }

    private static Watch watch(TestBed bed, String version, String kind, String name, Seen seen) {
        return bed.admin()
                .genericKubernetesResources(version, kind)
                .inNamespace(bed.namespace())
                .withName(name)
                .watch(
                        new Watcher<>() {
                            @Override
                            public void eventReceived(
                                    Action action, GenericKubernetesResource object) {
                                seen.as(
                                        action,
                                        Long.parseLong(object.getMetadata().getResourceVersion()),
                                        JSON.valueToTree(object));
                            }

                            @Override
                            public void onClose(WatcherException lost) {
                                throw new IllegalStateException("a watch of " + name, lost);
                            }
                        });
    }

    private Seen shares(Mesh mesh) {
        return (action, version, route) -> {
            var backends =
                    action == Watcher.Action.DELETED ? route.path("none") : route.at(mesh.backends);
            var percent =
                    StreamSupport.stream(backends.spliterator(), false)
                            .map(it -> it.path("weight").asInt())
                            .toList();
            moments.put(version, new Shares(percent));
        };
    }

    private void pods(Watcher.Action action, long version, JsonNode deployment) {
        moments.put(
                version,
                action == Watcher.Action.DELETED
                        ? new Pods(-1, 0)
                        : new Pods(
                                deployment.at("/spec/replicas").asInt(),
                                deployment.at("/status/availableReplicas").asInt()));
    }

    /** What primary, canary and baseline got, one after the other, such as {@code 80/10/10}. */
    List<String> shares() {
        return each(
                moment ->
                        moment instanceof Shares(var percent)
                                ? String.join("/", percent.stream().map(String::valueOf).toList())
                                : "");
    }

    /** How many pods the baseline was to have, one after the other; {@code gone} in the end. */
    List<String> sizes() {
        return each(
                moment ->
                        moment instanceof Pods(int wanted, int _)
                                ? wanted < 0 ? "gone" : String.valueOf(wanted)
                                : "");
    }

    private List<String> each(java.util.function.Function<Moment, String> of) {
        List<String> all = new ArrayList<>();
        moments.values().stream()
                .map(of)
                .filter(it -> !it.isEmpty())
                .filter(it -> all.isEmpty() || !all.getLast().equals(it))
                .forEach(all::add);
        return all;
    }

    /** Where the baseline got requests before pods served, or had none any more. */
    List<String> unserved() {
        List<String> unserved = new ArrayList<>();
        int available = 0;
        int share = 0;
        for (var moment : moments.entrySet()) {
            boolean was = share > 0 && available == 0;
            switch (moment.getValue()) {
                case Shares shares -> share = shares.baseline();
                case Pods pods -> available = pods.available();
            }
            if (share > 0 && available == 0 && !was) {
                unserved.add(moment.toString());
            }
        }
        return unserved;
    }

    @Override
    public void close() {
        watches.forEach(Watch::close);
    }
}
