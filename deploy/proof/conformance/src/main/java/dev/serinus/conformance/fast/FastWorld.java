package dev.serinus.conformance.fast;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.cluster.ApiError;
import dev.serinus.conformance.cluster.Kubectl;
import dev.serinus.conformance.cluster.Objects;
import dev.serinus.conformance.cluster.Resource;
import dev.serinus.conformance.cluster.SimulatedCluster;
import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.recording.Recorder;
import dev.serinus.conformance.recording.Watched;
import dev.serinus.conformance.run.World;
import dev.serinus.conformance.scenario.Scenario;
import dev.serinus.conformance.time.Timeline;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A scenario's namespace in a simulated cluster, on a timeline. */
final class FastWorld implements World {

    private static final Duration LONGEST_DELETION = Duration.ofSeconds(60);

    private final Timeline timeline;
    private final SimulatedCluster cluster;
    private final Recorder recorder;
    private final String namespace;
    private final Kubectl kubectl;

    FastWorld(Timeline timeline, SimulatedCluster cluster, Recorder recorder, Scenario scenario) {
        this.timeline = timeline;
        this.cluster = cluster;
        this.recorder = recorder;
        this.namespace = scenario.name();
        this.kubectl = new Kubectl(cluster.objects(), namespace);
        cluster.objects().onChange(this::record);
    }

    private void record(Resource resource, Objects.Change change, ObjectNode object) {
        if (object.at("/metadata/namespace").asText(namespace).equals(namespace)) {
            Watched watched = watched(resource);
            if (watched != null) {
                recorder.saw(watched, object, change == Objects.Change.DELETED, now());
            }
        }
    }

    private static @Nullable Watched watched(Resource resource) {
        return Watched.ALL.stream()
                .filter(it -> it.plural().equals(resource.plural()))
                .filter(it -> it.group().equals(resource.group()))
                .findFirst()
                .orElse(null);
    }

    @Override
    public void open() {
        cluster.createNamespace(namespace);
    }

    @Override
    public void apply(String manifests) {
        refusable(() -> kubectl.apply(manifests));
    }

    @Override
    public void patch(String object, JsonNode patch, boolean status) {
        refusable(() -> kubectl.patch(object, patch, status));
    }

    @Override
    public void setImage(String workload, String container, String image) {
        refusable(() -> kubectl.setImage(workload, container, image));
    }

    @Override
    public void annotate(List<String> words) {
        refusable(() -> kubectl.annotate(words));
    }

    @Override
    public void delete(List<String> words) {
        if (words.getFirst().equals("pods")) {
            String[] label = words.getLast().split("=", 2);
            cluster.deletePods(namespace, label[0], label[1]);
            return;
        }
        boolean wait = !words.contains("--wait=false");
        var named = kubectl.named(words.stream().filter(it -> !it.startsWith("--")).toList());
        refusable(() -> named.forEach(kubectl::delete));
        if (wait
                && !timeline.await(
                        () -> named.stream().allMatch(kubectl::isGone), LONGEST_DELETION)) {
            throw new Refused("timed out waiting for the deletion of " + words);
        }
    }

    private static void refusable(Runnable wish) {
        try {
            wish.run();
        } catch (ApiError refused) {
            throw new Refused(String.valueOf(refused.getMessage()));
        }
    }

    @Override
    public String shell(String script, Duration limit) {
        throw new Refused("a shell needs a real API server");
    }

    @Override
    public Work background(String script) {
        throw new Refused("a shell needs a real API server");
    }

    @Override
    public Map<String, JsonNode> objects() {
        Map<String, JsonNode> objects = new LinkedHashMap<>();
        for (Watched watched : Watched.ALL) {
            Resource resource =
                    Resource.at(watched.group(), watched.version(), watched.plural()).orElseThrow();
            if (!watched.kind().equals("events")) {
                for (ObjectNode object : cluster.objects().list(resource, null)) {
                    if (isMine(object)) {
                        objects.put(
                                watched.kind() + "/" + object.at("/metadata/name").asText(),
                                resource.isBuiltin() ? object : titled(watched, resource, object));
                    }
                }
            }
        }
        return objects;
    }

    private boolean isMine(ObjectNode object) {
        String in = object.at("/metadata/namespace").asText();
        return in.isEmpty()
                ? object.at("/metadata/name").asText().startsWith(namespace)
                : in.equals(namespace);
    }

    private static JsonNode titled(Watched watched, Resource resource, ObjectNode object) {
        return Json.object()
                .put("apiVersion", watched.group() + "/" + watched.version())
                .put("kind", resource.kind())
                .setAll(object);
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
        timeline.sleep(time);
    }

    @Override
    public boolean await(BooleanSupplier condition, Duration limit) {
        return timeline.await(condition, limit);
    }

    @Override
    public double now() {
        return timeline.instant().toEpochMilli() / 1000.0;
    }
}
