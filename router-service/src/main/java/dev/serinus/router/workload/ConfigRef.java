package dev.serinus.router.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.cluster.Kind;

import java.util.ArrayList;
import java.util.List;

/** A ConfigMap or Secret that a pod refers to. */
record ConfigRef(Kind kind, String name) {

    /**
     * A place in a pod spec that names a config.
     *
     * @param holder the node that has the name
     * @param field the name's field
     */
    record Place(Kind kind, ObjectNode holder, String field) {

        ConfigRef config() {
            return new ConfigRef(kind, holder.path(field).asText());
        }

        boolean isOptional() {
            return holder.path("optional").asBoolean();
        }

        void rename(String name) {
            holder.put(field, name);
        }
    }

    /**
     * The places where Flagger looks: volumes, projected volumes and the environment of containers
     * and init containers.
     */
    static List<Place> places(JsonNode podSpec) {
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

    private static void add(List<Place> places, Kind kind, JsonNode holder, String field) {
        if (holder instanceof ObjectNode node && !node.path(field).asText().isEmpty()) {
            places.add(new Place(kind, node, field));
        }
    }
}
