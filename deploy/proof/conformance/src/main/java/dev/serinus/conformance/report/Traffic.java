package dev.serinus.conformance.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;

import dev.serinus.conformance.recording.Recording;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Who serves, for each moment of a recording that holds pods: which Services the routes name with
 * which weight, and which pods those Services select. Copies of requests have no users.
 */
final class Traffic {

    static final String SERVICES = "services/";
    private static final String PODS = "pods/";
    private static final String ISTIO = "virtualservices/";
    private static final String GATEWAY = "httproutes/";
    private static final double ALL = 100;

    private final Map<String, JsonNode> services = new TreeMap<>();
    private final Map<String, JsonNode> routes = new TreeMap<>();
    private final Map<String, JsonNode> pods = new TreeMap<>();

    private Traffic() {}

    /** A moment for each change of a pod, a Service or a route, in the API server's order. */
    static List<TrafficAt> of(Recording recording) {
        var traffic = new Traffic();
        List<TrafficAt> moments = new ArrayList<>();
        for (JsonNode entry : recording.timeline()) {
            String object = entry.path("object").asText();
            Map<String, JsonNode> kind = traffic.kind(object);
            if (kind != null) {
                if (entry.path("deleted").asBoolean()) {
                    kind.remove(object);
                } else {
                    kind.put(object, entry.path("is"));
                }
                moments.add(traffic.moment(entry.path("t").asDouble()));
            }
        }
        return moments;
    }

    private @Nullable Map<String, JsonNode> kind(String object) {
        if (object.startsWith(SERVICES)) {
            return services;
        }
        if (object.startsWith(PODS)) {
            return pods;
        }
        return object.startsWith(ISTIO) || object.startsWith(GATEWAY) ? routes : null;
    }

    private TrafficAt moment(double at) {
        List<Backend> backends = new ArrayList<>();
        services.keySet()
                .forEach(
                        service ->
                                backends.add(
                                        backend(
                                                service,
                                                service.substring(SERVICES.length()),
                                                ALL)));
        routes.forEach(
                (name, route) -> {
                    JsonNode rules =
                            name.startsWith(ISTIO)
                                    ? route.at("/spec/http")
                                    : route.at("/spec/rules");
                    for (int i = 0; i < rules.size(); i++) {
                        String way = rules.size() == 1 ? name : name + " rule " + i;
                        backends.addAll(shares(way, rules.get(i)));
                    }
                });
        return new TrafficAt(at, backends);
    }

    private List<Backend> shares(String way, JsonNode rule) {
        JsonNode targets = rule.has("route") ? rule.path("route") : rule.path("backendRefs");
        int only = targets.size() == 1 ? 1 : 0;
        double sum =
                targets.valueStream().mapToDouble(it -> it.path("weight").asDouble(only)).sum();
        return targets.valueStream()
                .map(
                        it ->
                                backend(
                                        way,
                                        service(it),
                                        sum == 0
                                                ? 0
                                                : ALL * it.path("weight").asDouble(only) / sum))
                .toList();
    }

    private static String service(JsonNode target) {
        String host =
                target.has("destination")
                        ? target.at("/destination/host").asText()
                        : target.path("name").asText();
        return host.split("\\.", 2)[0];
    }

    private Backend backend(String way, String service, double percent) {
        JsonNode selector =
                services.getOrDefault(SERVICES + service, MissingNode.getInstance())
                        .at("/spec/selector");
        var selected = pods.values().stream().filter(pod -> selects(selector, pod)).toList();
        var owners = new TreeSet<String>();
        selected.forEach(pod -> owners.add(workload(pod)));
        int ready = (int) selected.stream().filter(pod -> pod.path("ready").asBoolean()).count();
        return new Backend(way, service, percent, ready, owners);
    }

    private static boolean selects(JsonNode selector, JsonNode pod) {
        return !selector.isEmpty()
                && selector.properties().stream()
                        .allMatch(
                                each ->
                                        each.getValue()
                                                .equals(pod.path("labels").get(each.getKey())));
    }

    /** A Deployment's pods belong to a ReplicaSet, whose name ends with the template's hash. */
    private static String workload(JsonNode pod) {
        String owner = pod.path("owner").asText();
        String hash = pod.path("labels").path("pod-template-hash").asText();
        return !hash.isEmpty() && owner.endsWith("-" + hash)
                ? owner.substring(0, owner.length() - hash.length() - 1)
                : owner;
    }
}
