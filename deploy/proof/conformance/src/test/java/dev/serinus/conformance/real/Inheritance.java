package dev.serinus.conformance.real;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.cluster.Resource;
import dev.serinus.conformance.json.Json;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Loads what Flagger left of one canary into a namespace. Owners get the identities that they have
 * here, or the garbage collector would take what they own. ReplicaSets are left out: their
 * Deployments make them again.
 */
record Inheritance(Api api, String namespace, ObjectNode canary, List<ObjectNode> others) {

    /** Flagger owns what it wrote, also after somebody else changed a part of it. */
    private static final String AS_FLAGGER = "?fieldManager=flagger";

    private static final String RECORDED_SINK = "http://127.0.0.1:18080";

    /**
     * @param sink where the servers of its Canary are
     * @param interval of its analysis, shorter than it was
     */
    static Inheritance read(Api api, String name, String sink, Duration interval)
            throws IOException {
        String text;
        try (var in = Inheritance.class.getResourceAsStream("/handover/" + name + ".json")) {
            if (in == null) {
                throw new IllegalStateException("no such test data: " + name);
            }
            text = new String(in.readAllBytes(), UTF_8);
        }
        List<ObjectNode> items =
                Json.read(text.replace(RECORDED_SINK, sink))
                        .path("items")
                        .valueStream()
                        .map(it -> (ObjectNode) it)
                        .toList();
        items.getFirst().withObject("/spec/analysis").put("interval", interval.toSeconds() + "s");
        return new Inheritance(
                api,
                "handover-" + name,
                items.getFirst(),
                items.stream()
                        .skip(1)
                        .filter(it -> !it.path("kind").asText().equals("ReplicaSet"))
                        .toList());
    }

    void load() {
        var object = Json.object().put("apiVersion", "v1").put("kind", "Namespace");
        object.putObject("metadata").put("name", namespace);
        var _ = api.create("/api/v1/namespaces", object);
        Map<String, String> uids = new HashMap<>();
        JsonNode created = create(canary, uids);
        var status = (ObjectNode) created.deepCopy();
        status.set("status", canary.path("status"));
        var _ = api.replace(path(canary) + "/podinfo/status" + AS_FLAGGER, status);
        others.forEach(each -> create(each, uids));
    }

    /** Flagger writes to the status once more, as it does on every tick after a failure. */
    static Instant touch(Api api, String name) {
        String path = "/apis/flagger.app/v1beta1/namespaces/handover-" + name + "/canaries/podinfo";
        var canary = (ObjectNode) api.get(path);
        canary.withObject("/status").put("lastTransitionTime", "2026-11-22T04:30:04Z");
        JsonNode written = api.replace(path + "/status" + AS_FLAGGER, canary);
        return written.at("/metadata/managedFields")
                .valueStream()
                .filter(entry -> entry.path("manager").asText().equals("flagger"))
                .map(entry -> Instant.parse(entry.path("time").asText()))
                .findFirst()
                .orElseThrow();
    }

    private JsonNode create(ObjectNode object, Map<String, String> uids) {
        ObjectNode fresh = object.deepCopy();
        fresh.remove("status");
        ObjectNode metadata = (ObjectNode) fresh.path("metadata");
        metadata.remove(
                List.of("uid", "resourceVersion", "creationTimestamp", "generation", "namespace"));
        metadata.path("ownerReferences")
                .forEach(
                        owner ->
                                ((ObjectNode) owner)
                                        .put("uid", uids.get(owner.path("uid").asText())));
        if (fresh.path("kind").asText().equals("Service")) {
            ((ObjectNode) fresh.path("spec")).remove(List.of("clusterIP", "clusterIPs"));
        }
        JsonNode created = api.create(path(object), fresh);
        uids.put(object.at("/metadata/uid").asText(), created.at("/metadata/uid").asText());
        return created;
    }

    private String path(ObjectNode object) {
        String version = object.path("apiVersion").asText();
        String plural = Resource.of(version, object.path("kind").asText()).orElseThrow().plural();
        return "%s/namespaces/%s/%s"
                .formatted(
                        version.contains("/") ? "/apis/" + version : "/api/" + version,
                        namespace,
                        plural);
    }
}
