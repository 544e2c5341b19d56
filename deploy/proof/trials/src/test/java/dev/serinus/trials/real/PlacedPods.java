package dev.serinus.trials.real;

import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Every pod that there was in a namespace, and the node to which the scheduler gave it. */
final class PlacedPods implements AutoCloseable {

    /**
     * One pod.
     *
     * @param app its label, which tells a primary's from a canary's
     * @param node empty before it was given one
     * @param tolerated keys that its template tolerates, in order
     */
    record Placed(String app, String image, String node, String nodeType, List<String> tolerated) {}

    /** Those that the API server puts into every pod. */
    private static final String ITS_OWN = "node.kubernetes.io/";

    private final Map<String, Placed> pods = new ConcurrentHashMap<>();
    private final Watch watch;

    PlacedPods(TestBed bed) {
        watch =
                bed.admin()
                        .pods()
                        .inNamespace(bed.namespace())
                        .watch(
                                new Watcher<>() {
                                    @Override
                                    public void eventReceived(Action action, Pod pod) {
                                        if (pod.getMetadata() != null) {
                                            pods.put(pod.getMetadata().getUid(), placed(pod));
                                        }
                                    }

                                    @Override
                                    public void onClose(WatcherException lost) {
                                        throw new IllegalStateException("a watch of pods", lost);
                                    }
                                });
    }

    private static Placed placed(Pod pod) {
        var spec = pod.getSpec();
        return new Placed(
                pod.getMetadata().getLabels().getOrDefault("app", ""),
                spec.getContainers().getFirst().getImage(),
                Objects.requireNonNullElse(spec.getNodeName(), ""),
                spec.getNodeSelector().getOrDefault("node-type", ""),
                spec.getTolerations().stream()
                        .map(Toleration::getKey)
                        .filter(key -> !key.startsWith(ITS_OWN))
                        .toList());
    }

    /** Of an application and an image, in no order. */
    List<Placed> of(String app, String image) {
        return pods.values().stream()
                .filter(pod -> pod.app().equals(app) && pod.image().equals(image))
                .toList();
    }

    @Override
    public void close() {
        watch.close();
    }
}
