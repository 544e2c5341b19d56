package dev.serinus.trials.real;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.testbed.junit.TestBed;

import io.fabric8.kubernetes.client.KubernetesClientException;

import java.util.List;

/**
 * Writes what Flagger writes, under its name: the status with its own fields alone, the weights of
 * a VirtualService, the template of a primary.
 */
final class AnotherController {

    /** Its hashes of the targets that it met: nobody else can compute them. */
    static final String FIRST = "6544dc6d99";

    static final String SECOND = "7dbb6b5c5d";

    private static final String AS_FLAGGER = "?fieldManager=flagger";
    private static final int CONFLICT = 409;
    private static final int TRIES = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestBed bed;
    private final String app;

    AnotherController(TestBed bed, String app) {
        this.bed = bed;
        this.app = app;
    }

    /** Is in the middle of a rollout, with this share at the canary. */
    void isAt(int weight) {
        replicas(2);
        weights(weight);
        status("Progressing", weight, FIRST, SECOND, "Unknown");
    }

    /** Has promoted what the target runs, and is at rest. */
    void hasPromoted(String image) {
        change(
                "/apis/apps/v1/namespaces/%s/deployments/%s-primary",
                primary ->
                        ((ObjectNode) primary.at("/spec/template/spec/containers/0"))
                                .put("image", image));
        weights(0);
        replicas(0);
        status("Succeeded", 0, SECOND, SECOND, "True");
    }

    /** Has taken back what the target is to run, and is at rest. */
    void hasTakenBack() {
        weights(0);
        replicas(0);
        status("Failed", 0, FIRST, SECOND, "False");
    }

    private void replicas(int count) {
        change(
                "/apis/apps/v1/namespaces/%s/deployments/%s",
                target -> ((ObjectNode) target.path("spec")).put("replicas", count));
    }

    private void weights(int canary) {
        change(
                "/apis/networking.istio.io/v1beta1/namespaces/%s/virtualservices/%s",
                service ->
                        service.at("/spec/http/0/route")
                                .forEach(
                                        route ->
                                                ((ObjectNode) route)
                                                        .put(
                                                                "weight",
                                                                isCanary(route)
                                                                        ? canary
                                                                        : 100 - canary)));
    }

    private static boolean isCanary(JsonNode route) {
        return route.at("/destination/host").asText().endsWith("-canary");
    }

    private void status(
            String phase, int weight, String applied, String promoted, String isPromoted) {
        String path = path("/apis/flagger.app/v1beta1/namespaces/%s/canaries/%s");
        ObjectNode status = JSON.createObjectNode();
        status.put("phase", phase)
                .put("canaryWeight", weight)
                .put("failedChecks", 0)
                .put("iterations", 0)
                .put("lastAppliedSpec", applied)
                .put("lastPromotedSpec", promoted)
                .put("lastTransitionTime", "2026-11-22T04:29:54Z")
                .putObject("trackedConfigs");
        status.putArray("conditions")
                .addObject()
                .put("type", "Promoted")
                .put("status", isPromoted)
                .put("reason", phase)
                .put("message", "")
                .put("lastUpdateTime", "2026-11-22T04:28:54Z")
                .put("lastTransitionTime", "2026-11-22T04:28:54Z");
        change(path, path + "/status", canary -> ((ObjectNode) canary).set("status", status));
    }

    private interface Change {
        void on(JsonNode object);
    }

    private void change(String pattern, Change change) {
        String path = path(pattern);
        change(path, path, change);
    }

    /** Once more as long as somebody else was faster. */
    private void change(String path, String writeTo, Change change) {
        for (int left = TRIES; ; left--) {
            var object = read(path);
            change.on(object);
            try {
                var _ = bed.admin().raw(writeTo + AS_FLAGGER, "PUT", object.toString());
                return;
            } catch (KubernetesClientException refused) {
                if (refused.getCode() != CONFLICT || left == 0) {
                    throw refused;
                }
            }
        }
    }

    private String path(String pattern) {
        return pattern.formatted(bed.namespace(), app);
    }

    private ObjectNode read(String path) {
        return bed.admin()
                .getKubernetesSerialization()
                .unmarshal(bed.admin().raw(path), ObjectNode.class);
    }

    /** The weights of canaries in all versions of a VirtualService, as text. */
    static List<Integer> canaryWeights(JsonNode service) {
        return service.at("/spec/http/0/route")
                .valueStream()
                .filter(AnotherController::isCanary)
                .map(route -> route.path("weight").asInt())
                .toList();
    }
}
