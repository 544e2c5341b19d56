package dev.serinus.conformance.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.time.Timeline;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Runs DaemonSets on the cluster's one node, and says in their status how they are. */
final class DaemonSets {

    static final Resource KIND = Resource.called("daemonsets").orElseThrow();

    private static final Duration LATENCY = Duration.ofMillis(5);
    private static final Map<String, String> NODE = Map.of("kubernetes.io/os", "linux");

    private record Name(String namespace, String name) {}

    private final Objects objects;
    private final Timeline timeline;
    private final Pods pods;
    private final Map<Name, Pods.Pod> running = new HashMap<>();
    private final Set<Name> awaited = new HashSet<>();

    DaemonSets(Objects objects, Timeline timeline, Pods pods) {
        this.objects = objects;
        this.timeline = timeline;
        this.pods = pods;
    }

    /** Follows every change from now on. */
    void start() {
        objects.onChange(
                (resource, _, object) -> {
                    if (resource.equals(KIND)) {
                        wake(
                                new Name(
                                        object.at("/metadata/namespace").asText(),
                                        object.at("/metadata/name").asText()));
                    }
                });
    }

    private void wake(Name name) {
        if (awaited.add(name)) {
            timeline.at(
                    timeline.instant().plus(LATENCY),
                    () -> {
                        awaited.remove(name);
                        reconcile(name);
                    });
        }
    }

    private void reconcile(Name name) {
        ObjectNode object = objects.find(KIND, name.namespace, name.name);
        Instant now = timeline.instant();
        JsonNode template = object == null ? null : object.at("/spec/template");
        boolean wanted = template != null && fits(template.at("/spec/nodeSelector"));
        Pods.Pod pod = running.get(name);
        boolean replaced =
                object != null
                        && pod != null
                        && !pod.template().equals(template)
                        && object.at("/spec/updateStrategy/type").asText().equals("RollingUpdate");
        if (pod != null && (!wanted || replaced)) {
            pods.delete(pod);
            running.remove(name);
        }
        if (template != null && wanted && !running.containsKey(name)) {
            Pods.Pod begun = pods.create(name.namespace, template, now);
            running.put(name, begun);
            if (begun.readyAt().isBefore(Instant.MAX)) {
                timeline.at(begun.readyAt(), () -> wake(name));
            }
        }
        if (object != null) {
            status(object, running.get(name), wanted, now);
        }
    }

    private void status(ObjectNode object, Pods.@Nullable Pod pod, boolean wanted, Instant now) {
        int there = pod == null ? 0 : 1;
        int ready = pod != null && pod.ready(now) ? 1 : 0;
        int updated = pod != null && pod.template().equals(object.at("/spec/template")) ? 1 : 0;
        int desired = wanted ? 1 : 0;
        ObjectNode status = Json.object();
        status.put("observedGeneration", object.at("/metadata/generation").asLong());
        status.put("desiredNumberScheduled", desired);
        status.put("currentNumberScheduled", there);
        status.put("numberMisscheduled", 0);
        status.put("numberReady", ready);
        if (updated > 0) {
            status.put("updatedNumberScheduled", updated);
        }
        if (ready > 0) {
            status.put("numberAvailable", ready);
        }
        if (desired - ready > 0) {
            status.put("numberUnavailable", desired - ready);
        }
        object.set("status", status);
        objects.replace(KIND, object, true);
    }

    private static boolean fits(JsonNode selector) {
        return selector.properties().stream()
                .allMatch(each -> each.getValue().asText().equals(NODE.get(each.getKey())));
    }
}
