package dev.serinus.conformance.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.json.Json;

import java.util.Base64;
import java.util.List;

/** What the API server fills in, as far as scenarios show it. */
final class Defaults {

    private static final String DAEMON_SET_TEMPLATE = "deprecated.daemonset.template.generation";

    private Defaults() {}

    static void fill(Resource resource, ObjectNode object) {
        switch (resource.kind()) {
            case "Deployment" -> deployment(object.withObjectProperty("spec"));
            case "DaemonSet" -> daemonSet(object);
            case "Service" -> {
                if (resource.group().isEmpty()) {
                    service(object.withObjectProperty("spec"));
                }
            }
            case "Secret" -> secret(object);
            case "HorizontalPodAutoscaler" -> autoscaler(object.withObjectProperty("spec"));
            default -> {}
        }
    }

    /** Counts the templates of a DaemonSet, as its annotation does since long ago. */
    static void templateChanged(ObjectNode object) {
        ObjectNode annotations =
                object.withObjectProperty("metadata").withObjectProperty("annotations");
        annotations.put(
                DAEMON_SET_TEMPLATE,
                String.valueOf(annotations.path(DAEMON_SET_TEMPLATE).asLong() + 1));
    }

    private static void deployment(ObjectNode spec) {
        put(spec, "replicas", 1);
        put(spec, "revisionHistoryLimit", 10);
        put(spec, "progressDeadlineSeconds", 600);
        ObjectNode strategy = spec.withObjectProperty("strategy");
        put(strategy, "type", "RollingUpdate");
        if (strategy.path("type").asText().equals("RollingUpdate")) {
            ObjectNode rolling = strategy.withObjectProperty("rollingUpdate");
            put(rolling, "maxUnavailable", "25%");
            put(rolling, "maxSurge", "25%");
        }
        template(spec.withObjectProperty("template"));
    }

    private static void daemonSet(ObjectNode object) {
        ObjectNode spec = object.withObjectProperty("spec");
        put(spec, "revisionHistoryLimit", 10);
        ObjectNode strategy = spec.withObjectProperty("updateStrategy");
        put(strategy, "type", "RollingUpdate");
        if (strategy.path("type").asText().equals("RollingUpdate")) {
            ObjectNode rolling = strategy.withObjectProperty("rollingUpdate");
            put(rolling, "maxUnavailable", 1);
            put(rolling, "maxSurge", 0);
        }
        template(spec.withObjectProperty("template"));
        if (!object.at("/metadata/annotations").has(DAEMON_SET_TEMPLATE)) {
            templateChanged(object);
        }
    }

    private static void template(ObjectNode template) {
        ObjectNode pod = template.withObjectProperty("spec");
        put(pod, "restartPolicy", "Always");
        put(pod, "terminationGracePeriodSeconds", 30);
        put(pod, "dnsPolicy", "ClusterFirst");
        put(pod, "schedulerName", "default-scheduler");
        pod.withObjectProperty("securityContext");
        for (String list : List.of("initContainers", "containers")) {
            pod.path(list).forEach(each -> container((ObjectNode) each));
        }
        pod.path("volumes").forEach(Defaults::volume);
    }

    private static void container(ObjectNode container) {
        container.withObjectProperty("resources");
        put(container, "terminationMessagePath", "/dev/termination-log");
        put(container, "terminationMessagePolicy", "File");
        String image = container.path("image").asText();
        boolean moving = image.endsWith(":latest") || !image.contains(":");
        put(container, "imagePullPolicy", moving ? "Always" : "IfNotPresent");
        container.path("ports").forEach(port -> put((ObjectNode) port, "protocol", "TCP"));
        for (String probe : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            if (container.path(probe) instanceof ObjectNode it) {
                put(it, "timeoutSeconds", 1);
                put(it, "periodSeconds", 10);
                put(it, "successThreshold", 1);
                put(it, "failureThreshold", 3);
            }
        }
    }

    private static void volume(JsonNode volume) {
        for (String source : List.of("configMap", "secret", "projected")) {
            if (volume.path(source) instanceof ObjectNode it) {
                put(it, "defaultMode", 420);
            }
        }
    }

    private static void service(ObjectNode spec) {
        put(spec, "type", "ClusterIP");
        put(spec, "sessionAffinity", "None");
        put(spec, "internalTrafficPolicy", "Cluster");
        if (spec.path("sessionAffinity").asText().equals("ClientIP")) {
            put(
                    spec.withObjectProperty("sessionAffinityConfig").withObjectProperty("clientIP"),
                    "timeoutSeconds",
                    10800);
        }
        for (JsonNode port : spec.path("ports")) {
            put((ObjectNode) port, "protocol", "TCP");
            if (!port.has("targetPort")) {
                ((ObjectNode) port).set("targetPort", port.get("port"));
            }
        }
    }

    private static void secret(ObjectNode secret) {
        put(secret, "type", "Opaque");
        JsonNode plain = secret.remove("stringData");
        if (plain != null) {
            ObjectNode data = secret.withObjectProperty("data");
            plain.properties()
                    .forEach(
                            each ->
                                    data.put(
                                            each.getKey(),
                                            Base64.getEncoder()
                                                    .encodeToString(
                                                            each.getValue()
                                                                    .asText()
                                                                    .getBytes(UTF_8))));
        }
    }

    private static void autoscaler(ObjectNode spec) {
        put(spec, "minReplicas", 1);
        if (spec.path("behavior") instanceof ObjectNode behavior) {
            JsonNode percent = policy("Percent", 100);
            JsonNode pods = policy("Pods", 4);
            ObjectNode up = behavior.withObjectProperty("scaleUp");
            put(up, "stabilizationWindowSeconds", 0);
            put(up, "selectPolicy", "Max");
            if (!up.has("policies")) {
                up.putArray("policies").add(pods).add(percent);
            }
            ObjectNode down = behavior.withObjectProperty("scaleDown");
            put(down, "selectPolicy", "Max");
            if (!down.has("policies")) {
                down.putArray("policies").add(percent);
            }
        }
    }

    private static JsonNode policy(String type, int value) {
        return Json.object().put("type", type).put("value", value).put("periodSeconds", 15);
    }

    private static void put(ObjectNode object, String name, Object value) {
        if (!object.hasNonNull(name)) {
            object.set(name, Json.tree(value));
        }
    }
}
