package dev.serinus.cli.hub;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.schemas.cluster.Claims;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What a Canary's status says, in the words of the hub's API, as far as it says it: which actions
 * are possible, when a wait is over and who did what only the hub knows.
 */
final class CanaryStatus {

    private CanaryStatus() {}

    /** The rollout of a Canary as the cluster has it. */
    static JsonNode rollout(GenericKubernetesResource canary) {
        JsonNode whole = Hub.JSON.valueToTree(canary);
        JsonNode status = whole.path("status");
        JsonNode ours = status.path("serinus");
        JsonNode tried = ours.path("dryRun");
        ObjectNode rollout = Hub.JSON.createObjectNode();
        rollout.put("cluster", cluster(canary))
                .put("namespace", canary.getMetadata().getNamespace())
                .put("name", canary.getMetadata().getName())
                .put("uid", canary.getMetadata().getUid())
                .put("phase", first(tried.path("phase"), status.path("phase")).asText(""));
        rollout.set(
                "canaryWeight",
                number(
                        first(
                                tried.path("canaryWeight"),
                                ours.path("canaryWeight"),
                                status.path("canaryWeight"))));
        rollout.put("revision", first(tried.path("revision"), ours.path("revision")).asText(""))
                .put("promotedRevision", status.path("lastPromotedSpec").asText(""))
                .put("run", ours.path("run").asLong(0))
                .put(
                        "iterations",
                        first(tried.path("iterations"), status.path("iterations")).asInt(0))
                .put(
                        "failedChecks",
                        first(tried.path("failedChecks"), status.path("failedChecks")).asInt(0))
                .put("waitingFor", ours.path("waitingFor").asText(""))
                .put("provider", whole.at("/spec/provider").asText(""))
                .put(
                        "held",
                        whole.at("/spec/suspend").asBoolean(false) || ours.hasNonNull("paused"))
                .put("dryRun", tried.isObject())
                .put("updatedAt", status.path("lastTransitionTime").asText(""));
        hints(status).forEach(rollout.putArray("hints")::add);
        return rollout;
    }

    /** As one text, which the status has of them. */
    private static Stream<String> hints(JsonNode status) {
        return StreamSupport.stream(status.path("conditions").spliterator(), false)
                .filter(it -> it.path("type").asText().equals("Hints"))
                .filter(it -> it.path("status").asText().equals("True"))
                .map(it -> it.path("message").asText());
    }

    /** A Kubernetes event of a Canary as an event of its history. */
    static JsonNode event(GenericKubernetesResource event) {
        JsonNode whole = Hub.JSON.valueToTree(event);
        String warning = whole.path("type").asText().equals("Warning") ? "Warning" : "Normal";
        return Hub.JSON
                .createObjectNode()
                .put(
                        "at",
                        Stream.of("lastTimestamp", "eventTime", "firstTimestamp")
                                .map(time -> whole.path(time).asText(""))
                                .filter(time -> !time.isEmpty() && !time.equals("null"))
                                .findFirst()
                                .orElse(""))
                .put("run", "")
                .put("type", warning)
                .put("canaryWeight", "")
                .put("actor", first(whole.at("/source/component")).asText(""))
                .put("message", whole.path("message").asText(""));
    }

    /** The installation that claims it says which cluster it is; empty while none does. */
    private static String cluster(GenericKubernetesResource canary) {
        Map<String, String> annotations = canary.getMetadata().getAnnotations();
        String claim = annotations == null ? "" : annotations.getOrDefault(Claims.ANNOTATION, "");
        return claim.substring(0, Math.max(0, claim.indexOf('@')));
    }

    private static JsonNode first(JsonNode... places) {
        return Stream.of(places)
                .filter(place -> !place.isMissingNode() && !place.isNull())
                .findFirst()
                .orElseGet(MissingNode::getInstance);
    }

    private static JsonNode number(JsonNode weight) {
        return weight.isNumber() ? weight : Hub.JSON.getNodeFactory().numberNode(0);
    }
}
