package dev.serinus.conformance.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.time.Timeline;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs the pods of Deployments as their strategies say, and says in their status how they are. */
final class Deployments {

    static final Resource KIND = Resource.called("deployments").orElseThrow();

    private static final Duration LATENCY = Duration.ofMillis(5);
    private static final String REVISION = "deployment.kubernetes.io/revision";

    /** The pods of one Deployment, oldest first, and how many templates it has had. */
    private static final class Running {
        private final List<Pods.Pod> pods = new ArrayList<>();
        private final List<JsonNode> templates = new ArrayList<>();
        private long revision;
    }

    private record Name(String namespace, String name) {}

    private final Objects objects;
    private final Timeline timeline;
    private final Pods pods;
    private final Map<Name, Running> running = new HashMap<>();
    private final Set<Name> awaited = new HashSet<>();

    Deployments(Objects objects, Timeline timeline, Pods pods) {
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

    /**
     * Takes the pods away whose templates have this label; they are replaced where there is room.
     */
    void deletePods(String namespace, String label, String value) {
        running.forEach(
                (name, it) -> {
                    if (name.namespace.equals(namespace)) {
                        remove(
                                it,
                                it.pods.stream()
                                        .filter(
                                                pod ->
                                                        pod.template()
                                                                .at("/metadata/labels")
                                                                .path(label)
                                                                .asText()
                                                                .equals(value))
                                        .toList());
                        wake(name);
                    }
                });
    }

    private void wake(Name name) {
        wake(name, timeline.instant().plus(LATENCY));
    }

    private void wake(Name name, Instant at) {
        if (at.isAfter(timeline.instant().plus(LATENCY))) {
            timeline.at(at, () -> reconcile(name));
        } else if (awaited.add(name)) {
            timeline.at(
                    at,
                    () -> {
                        awaited.remove(name);
                        reconcile(name);
                    });
        }
    }

    private void reconcile(Name name) {
        ObjectNode object = objects.find(KIND, name.namespace, name.name);
        Running it = running.computeIfAbsent(name, _ -> new Running());
        if (object == null) {
            remove(it, List.copyOf(it.pods));
            running.remove(name);
            wakePending();
            return;
        }
        Instant now = timeline.instant();
        JsonNode template = object.at("/spec/template");
        boolean created = !it.templates.contains(template);
        if (created) {
            it.templates.add(template);
        }
        if (created || !template.equals(it.templates.getLast())) {
            it.templates.remove(template);
            it.templates.add(template);
            it.revision++;
            object = numbered(object, it.revision);
        }
        it.pods.forEach(pod -> pod.begin(now));
        scale(name, it, object, now);
        status(name, it, object, created, now);
        wakePending();
    }

    private ObjectNode numbered(ObjectNode object, long revision) {
        object.withObjectProperty("metadata")
                .withObjectProperty("annotations")
                .put(REVISION, String.valueOf(revision));
        return objects.replace(KIND, object, false);
    }

    private void scale(Name name, Running it, JsonNode object, Instant now) {
        JsonNode spec = object.path("spec");
        JsonNode template = spec.path("template");
        int wanted = spec.path("replicas").asInt();
        var rolling = Rolling.of(spec);
        List<Pods.Pod> fresh = of(it, template, true);
        List<Pods.Pod> old = of(it, template, false);
        if (rolling.recreate() && !old.isEmpty()) {
            remove(it, old);
            wake(name);
            return;
        }
        remove(it, unreadyFirst(fresh, now).subList(0, Math.max(0, fresh.size() - wanted)));
        int room = wanted + rolling.surge() - it.pods.size();
        for (int i = Math.min(wanted - fresh.size(), room); i > 0; i--) {
            if (pods.room(name.namespace)) {
                it.pods.add(pods.create(name.namespace, template, now));
            }
        }
        fresh = of(it, template, true);
        int least = wanted - rolling.missing();
        int unready = (int) fresh.stream().filter(pod -> !pod.ready(now)).count();
        int spare = it.pods.size() - least - unready;
        List<Pods.Pod> broken = old.stream().filter(pod -> !pod.ready(now)).toList();
        remove(it, broken.subList(0, Math.clamp(spare, 0, broken.size())));
        old = of(it, template, false);
        int available = (int) it.pods.stream().filter(pod -> pod.ready(now)).count();
        int gone = Math.clamp(available - least, 0, old.size());
        remove(it, old.subList(0, gone));
        if (gone > 0) {
            wake(name);
        }
        it.pods.stream()
                .map(Pods.Pod::readyAt)
                .filter(at -> at.isAfter(now) && at.isBefore(Instant.MAX))
                .forEach(at -> timeline.at(at, () -> wake(name)));
    }

    private void status(Name name, Running it, ObjectNode object, boolean created, Instant now) {
        var count =
                new DeploymentStatus.Count(
                        it.pods.size(),
                        of(it, object.at("/spec/template"), true).size(),
                        (int) it.pods.stream().filter(pod -> pod.ready(now)).count());
        var status = DeploymentStatus.of(object, count, created, now);
        Instant again = status.lookAgain();
        if (again != null) {
            timeline.at(again, () -> wake(name));
        }
        object.set("status", status.written());
        objects.replace(KIND, object, true);
    }

    /** Pods that wait for something of others may get it now. */
    private void wakePending() {
        running.forEach(
                (name, it) -> {
                    if (it.pods.stream().anyMatch(pod -> !pod.begun() && begins(pod))) {
                        wake(name);
                    }
                });
    }

    private boolean begins(Pods.Pod pod) {
        pod.begin(timeline.instant());
        return pod.begun();
    }

    private void remove(Running it, List<Pods.Pod> gone) {
        for (Pods.Pod pod : List.copyOf(gone)) {
            it.pods.remove(pod);
            pods.delete(pod);
        }
    }

    private static List<Pods.Pod> unreadyFirst(List<Pods.Pod> some, Instant now) {
        return some.stream().sorted(Comparator.comparing(pod -> pod.ready(now))).toList();
    }

    private static List<Pods.Pod> of(Running it, JsonNode template, boolean same) {
        return it.pods.stream().filter(pod -> pod.template().equals(template) == same).toList();
    }
}
