package dev.serinus.analysis.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.ObjectNames;
import dev.serinus.schemas.topic.CanaryKey;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a webhook is told, as Flagger's are: by which canary, and what its manifest says.
 *
 * @param namespace of the canary that calls; empty where it is no name
 * @param name of the canary that calls; empty where it is no name
 * @param phase of the canary that calls
 * @param metadata as written in the manifest
 */
record HookCall(String namespace, String name, String phase, Map<String, String> metadata) {

    HookCall {
        metadata = Map.copyOf(metadata);
    }

    /** Empty for what is no JSON object. */
    static Optional<HookCall> read(String json) {
        JsonNode body;
        try {
            body = Answers.JSON.readTree(json);
        } catch (JsonProcessingException unreadable) {
            return Optional.empty();
        }
        if (body == null || !body.isObject()) {
            return Optional.empty();
        }
        Map<String, String> metadata = new TreeMap<>();
        body.path("metadata")
                .properties()
                .forEach(each -> metadata.put(each.getKey(), each.getValue().asText("")));
        String namespace = body.path("namespace").asText("");
        String name = body.path("name").asText("");
        return Optional.of(
                new HookCall(
                        ObjectNames.isNamespace(namespace) ? namespace : "",
                        ObjectNames.isName(name) ? name : "",
                        body.path("phase").asText(""),
                        metadata));
    }

    /** The first of these that the manifest gives; empty where it gives none. */
    String given(String... keys) {
        for (String key : keys) {
            String value = metadata.getOrDefault(key, "");
            if (!value.isBlank()) {
                return value.strip();
            }
        }
        return "";
    }

    /** The cluster, or region, of the canary that is asked about. */
    String cluster() {
        return given("cluster", "primary-cluster", "region");
    }

    /**
     * The cluster of the canary that calls, which no webhook is told; empty where it is not said.
     */
    String ownCluster() {
        return given("own-cluster");
    }

    /** True for what may be the canary that calls. */
    boolean isOwn(CanaryKey canary) {
        return canary.name().equals(name)
                && canary.namespace().equals(namespace)
                && (ownCluster().isEmpty() || canary.cluster().equals(ownCluster()));
    }

    /**
     * True where the metadata name a cluster. A region that is no cluster's name says nothing to
     * us.
     *
     * @param isKnown whether there is a cluster of this name
     */
    boolean namesCluster(Predicate<String> isKnown) {
        return !given("cluster", "primary-cluster").isEmpty() || isKnown.test(cluster());
    }

    /** True for what may be the canary that is asked about, or the one that calls. */
    boolean mayMean(CanaryKey canary, boolean namesCluster) {
        String asked = given("canary", "name");
        boolean isAsked =
                asked.isEmpty()
                        ? namesCluster && canary.cluster().equals(cluster())
                        : canary.name().equals(asked);
        return isAsked || isOwn(canary);
    }

    /** For which canary the caller acts; empty where its call does not say. */
    Optional<String> by() {
        return name.isEmpty() ? Optional.empty() : Optional.of(namespace + "/" + name);
    }

    /** Who acts: the caller, and for which canary. */
    String actor(String caller) {
        return by().map(by -> caller + " for " + by).orElse(caller);
    }
}
