package dev.serinus.watcher.cluster;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Finds the ConfigMaps and Secrets that a pod spec reads, in the places where Flagger looks:
 * volumes, projected ones too, and the environment of containers and init containers.
 */
final class ConfigRefs {

    private final Map<String, Boolean> found = new LinkedHashMap<>();

    private ConfigRefs() {}

    /** Name to whether the pod needs it; of several references to one object the last decides. */
    static Map<String, Boolean> of(JsonNode podSpec) {
        var refs = new ConfigRefs();
        for (var volume : podSpec.path("volumes")) {
            refs.add("configmap/", volume.path("configMap"), "name");
            refs.add("secret/", volume.path("secret"), "secretName");
            for (var source : volume.path("projected").path("sources")) {
                refs.add("configmap/", source.path("configMap"), "name");
                refs.add("secret/", source.path("secret"), "name");
            }
        }
        podSpec.path("containers").forEach(refs::container);
        podSpec.path("initContainers").forEach(refs::container);
        return refs.found;
    }

    private void container(JsonNode container) {
        for (var variable : container.path("env")) {
            var from = variable.path("valueFrom");
            add("configmap/", from.path("configMapKeyRef"), "name");
            add("secret/", from.path("secretKeyRef"), "name");
        }
        for (var from : container.path("envFrom")) {
            add("configmap/", from.path("configMapRef"), "name");
            add("secret/", from.path("secretRef"), "name");
        }
    }

    private void add(String kind, JsonNode reference, String nameField) {
        String name = reference.path(nameField).asText("");
        if (!name.isEmpty()) {
            found.put(kind + name, !reference.path("optional").asBoolean(false));
        }
    }
}
