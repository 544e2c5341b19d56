package dev.serinus.conformance.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.recording.Watched;
import dev.serinus.conformance.run.World;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** A scenario's namespace on a real API server, in real time. */
final class RealWorld implements World {

    private static final long POLL_MILLIS = 100;
    private static final Duration LONGEST_DELETION = Duration.ofSeconds(60);

    private final Api api;
    private final Kubectl kubectl;
    private final SpeedUp pace;
    private final Shell shell;
    private final String namespace;

    RealWorld(Api api, SpeedUp pace, Shell shell, String namespace) {
        this.api = api;
        this.kubectl = new Kubectl(api, namespace);
        this.pace = pace;
        this.shell = shell;
        this.namespace = namespace;
    }

    @Override
    public void open() {
        refusable(kubectl::createNamespace);
    }

    @Override
    public void apply(String manifests) {
        refusable(
                () ->
                        Json.yaml(manifests)
                                .forEach(each -> kubectl.apply(pace.played((ObjectNode) each))));
    }

    @Override
    public void patch(String object, JsonNode patch, boolean status) {
        refusable(() -> kubectl.patch(object, pace.played(object, patch), status));
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
        refusable(
                () -> {
                    List<String> deleted = kubectl.delete(words);
                    if (!words.contains("--wait=false")
                            && !awaitUninterrupted(
                                    () -> deleted.stream().allMatch(kubectl::isGone))) {
                        throw new Refused("timed out waiting for the deletion of " + words);
                    }
                });
    }

    private boolean awaitUninterrupted(BooleanSupplier gone) {
        try {
            return await(gone, LONGEST_DELETION);
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            throw new Refused("interrupted");
        }
    }

    private static void refusable(Runnable wish) {
        try {
            wish.run();
        } catch (Api.Refused refused) {
            throw new Refused(String.valueOf(refused.getMessage()));
        }
    }

    @Override
    public String shell(String script, Duration limit) throws InterruptedException {
        return shell.run(script, limit);
    }

    @Override
    public Work background(String script) {
        return shell.begin(script);
    }

    @Override
    public Map<String, JsonNode> objects() {
        Map<String, JsonNode> objects = new LinkedHashMap<>();
        for (Watched watched : Watched.ALL) {
            if (!watched.kind().equals("events")) {
                for (JsonNode object : list(watched)) {
                    boolean canary = watched.kind().equals("canaries");
                    objects.put(
                            watched.kind() + "/" + object.at("/metadata/name").asText(),
                            canary ? pace.recorded(object) : object);
                }
            }
        }
        return objects;
    }

    private List<JsonNode> list(Watched watched) {
        String below = "/namespaces/" + namespace;
        JsonNode inNamespace = api.find(watched.path() + below + "/" + watched.plural());
        if (inNamespace != null) {
            return inNamespace.path("items").valueStream().toList();
        }
        JsonNode all = api.find(watched.path() + "/" + watched.plural());
        return all == null
                ? List.of()
                : all.path("items")
                        .valueStream()
                        .filter(it -> it.at("/metadata/name").asText().startsWith(namespace))
                        .toList();
    }

    @Override
    public void sleep(Duration time) throws InterruptedException {
        Thread.sleep(pace.sleep(time));
    }

    @Override
    public boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Thread.sleep(POLL_MILLIS);
        }
        return true;
    }

    @Override
    public double now() {
        return System.currentTimeMillis() / 1000.0;
    }
}
