package dev.serinus.schemas.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.cluster.Kind;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A ConfigMap or Secret that a pod refers to. */
public record ConfigRef(Kind kind, String name) {

    /**
     * A place in a pod spec that names a config.
     *
     * @param holder the node that has the name
     * @param field the name's field
     */
    public record Place(Kind kind, ObjectNode holder, String field) {

        public ConfigRef config() {
            return new ConfigRef(kind, holder.path(field).asText());
        }

        /** True when the pod starts without it. */
        public boolean isOptional() {
            return holder.path("optional").asBoolean();
        }

        /** Lets the place name another config. */
        public void rename(String name) {
            holder.put(field, name);
        }
    }

    /** {@code configmap/NAME} or {@code secret/NAME}, as Flagger's status has it. */
    public String label() {
        return kind.name().toLowerCase(Locale.ROOT) + "/" + name;
    }

    /**
     * The places where Flagger looks: volumes, projected volumes and the environment of containers
     * and init containers.
     */
    public static List<Place> places(JsonNode podSpec) {
        List<Place> places = new ArrayList<>();
        for (JsonNode volume : podSpec.path("volumes")) {
            add(places, Kind.CONFIG_MAP, volume.path("configMap"), "name");
            add(places, Kind.SECRET, volume.path("secret"), "secretName");
            for (JsonNode source : volume.path("projected").path("sources")) {
                add(places, Kind.CONFIG_MAP, source.path("configMap"), "name");
                add(places, Kind.SECRET, source.path("secret"), "name");
            }
        }
        for (String containers : List.of("containers", "initContainers")) {
            for (JsonNode container : podSpec.path(containers)) {
                for (JsonNode variable : container.path("env")) {
                    JsonNode from = variable.path("valueFrom");
                    add(places, Kind.CONFIG_MAP, from.path("configMapKeyRef"), "name");
                    add(places, Kind.SECRET, from.path("secretKeyRef"), "name");
                }
                for (JsonNode source : container.path("envFrom")) {
                    add(places, Kind.CONFIG_MAP, source.path("configMapRef"), "name");
                    add(places, Kind.SECRET, source.path("secretRef"), "name");
                }
            }
        }
        return places;
    }

    /**
     * The configs of a pod spec, each once, in the order of its places; true for those that the pod
     * does not start without: one place that needs it is enough.
     */
    public static Map<ConfigRef, Boolean> mandatory(JsonNode podSpec) {
        Map<ConfigRef, Boolean> mandatory = new LinkedHashMap<>();
        places(podSpec)
                .forEach(
                        place ->
                                mandatory.merge(
                                        place.config(), !place.isOptional(), Boolean::logicalOr));
        return mandatory;
    }

    private static void add(List<Place> places, Kind kind, JsonNode holder, String field) {
        if (holder instanceof ObjectNode node && !node.path(field).asText().isEmpty()) {
            places.add(new Place(kind, node, field));
        }
    }
}
