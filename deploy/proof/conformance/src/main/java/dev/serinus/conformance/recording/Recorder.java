package dev.serinus.conformance.recording;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.json.Json;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes down what happens in one scenario. Times are seconds on any clock, the same for all calls.
 * May be told from several threads.
 */
public final class Recorder {

    /** A ConfigMap that the API server puts into every namespace. */
    private static final String OF_EVERY_NAMESPACE = "kube-root-ca.crt";

    private record Entry(long version, double at, ObjectNode tree) {}

    /** A status of the Canary of this name. */
    public record Status(String canary, JsonNode status) {}

    private record State(boolean deleted, JsonNode projection) {}

    private final List<Entry> changes = new ArrayList<>();
    private final List<Entry> steps = new ArrayList<>();
    private final List<Entry> http = new ArrayList<>();
    private final List<JsonNode> snapshots = new ArrayList<>();
    private final List<Status> statuses = new ArrayList<>();
    private final List<String> events = new ArrayList<>();
    private final List<Entry> said = new ArrayList<>();
    private final Map<String, Integer> requests = new LinkedHashMap<>();
    private final Map<String, State> last = new HashMap<>();
    private @Nullable Double began;

    /** A watch showed an object as it is now, or as it was when it was deleted. */
    public synchronized void saw(Watched resource, JsonNode object, boolean deleted, double at) {
        JsonNode metadata = object.path("metadata");
        String name = metadata.path("name").asText();
        String kind = resource.kind();
        var projection = Projection.of(kind, object).orElse(null);
        if (name.equals(OF_EVERY_NAMESPACE) || projection == null) {
            return;
        }
        if (kind.equals("canaries")) {
            statuses.add(
                    new Status(name, object.has("status") ? object.path("status") : Json.object()));
        }
        boolean event = kind.equals("events");
        if (event) {
            events.add(object.path("message").asText());
        }
        String key = event ? "event" : kind + "/" + name;
        var state = new State(deleted, projection);
        if (!event && state.equals(last.put(key, state))) {
            return;
        }
        ObjectNode entry = Json.object().put("object", key);
        if (deleted) {
            entry.put("deleted", true);
        } else {
            entry.set("is", projection);
        }
        began(at);
        changes.add(new Entry(metadata.path("resourceVersion").asLong(), at, entry));
    }

    /** The scenario does this now. */
    public synchronized void step(JsonNode step, double at) {
        began(at);
        steps.add(new Entry(0, at, Json.object().<ObjectNode>set("step", step)));
    }

    /** This reached the fake server. */
    public synchronized void http(ObjectNode entry, double at) {
        http.add(new Entry(0, at, entry));
    }

    /** A script said this, or an attempt failed so. */
    public synchronized void said(String label, String out, double at) {
        said.add(new Entry(0, at, Json.object().put("label", label).put("out", out)));
    }

    /** All objects by kind and name, as the API server holds them now. */
    public synchronized void snapshot(String label, Map<String, JsonNode> objects) {
        var kept = Json.object();
        objects.forEach(
                (key, object) -> {
                    if (!key.endsWith("/" + OF_EVERY_NAMESPACE)) {
                        var clean = (ObjectNode) IgnoredFields.without(object);
                        kept.set(
                                key, key.startsWith("canaries/") ? clean : clean.without("status"));
                    }
                });
        snapshots.add(Json.object().put("after", label).set("objects", kept));
    }

    /** The controller sent such a request, as {@code get deployments}. */
    public synchronized void request(String what) {
        requests.merge(what, 1, Integer::sum);
    }

    /** Every status of every Canary until now, in order, from this one on. */
    public synchronized List<Status> statuses(int from) {
        return List.copyOf(statuses.subList(from, statuses.size()));
    }

    /** The phase of the Canary last seen; null before there is any. */
    public synchronized @Nullable String phase() {
        return statuses.isEmpty() ? null : statuses.getLast().status().path("phase").textValue();
    }

    /** True when an event about a Canary contains this text. */
    public synchronized boolean told(String text) {
        return events.stream().anyMatch(message -> message.contains(text));
    }

    /** All that happened until the end, the changes in the API server's order. */
    public synchronized Recording recording(
            String scenario, String controller, @Nullable String error, double end) {
        double first = began == null ? 0 : began;
        List<Entry> seen =
                changes.stream()
                        .filter(entry -> entry.at <= end)
                        .sorted(Comparator.comparingLong(Entry::version))
                        .toList();
        Deque<Entry> marks = new ArrayDeque<>(steps);
        List<JsonNode> timeline = new ArrayList<>();
        for (Entry entry : seen) {
            while (!marks.isEmpty() && tenths(marks.peek(), first) <= tenths(entry, first)) {
                timeline.add(timed(marks.remove(), first));
            }
            timeline.add(timed(entry, first));
        }
        marks.forEach(entry -> timeline.add(timed(entry, first)));
        return new Recording(
                scenario,
                controller,
                error,
                timeline,
                http.stream().filter(e -> e.at <= end).map(e -> timed(e, first)).toList(),
                snapshots,
                said.stream().map(e -> timed(e, first)).toList(),
                requests,
                Math.round((end - first) * 10) / 10.0);
    }

    private void began(double at) {
        if (began == null) {
            began = at;
        }
    }

    private static long tenths(Entry entry, double first) {
        return Math.round((entry.at - first) * 10);
    }

    private static JsonNode timed(Entry entry, double first) {
        return entry.tree.deepCopy().put("t", tenths(entry, first) / 10.0);
    }
}
