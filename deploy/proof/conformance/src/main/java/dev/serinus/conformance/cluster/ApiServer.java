package dev.serinus.conformance.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.conformance.json.Json;
import dev.serinus.conformance.json.Patches;
import dev.serinus.conformance.time.Timeline;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Kubernetes' HTTP interface over the objects: the verbs, addresses and answers that clients use.
 */
public final class ApiServer {

    /** An answer. */
    public record Reply(int code, String body) {}

    private record Watch(Address address, Map<String, String> query, Consumer<String> receiver) {}

    private final Objects objects;
    private final Timeline timeline;
    private final Consumer<String> requests;
    private final List<Watch> watches = new ArrayList<>();

    /**
     * @param requests is told of each request, as {@code get deployments}
     */
    public ApiServer(Objects objects, Timeline timeline, Consumer<String> requests) {
        this.objects = objects;
        this.timeline = timeline;
        this.requests = requests;
        objects.onChange(this::publish);
    }

    /** Answers a request. */
    public Reply answer(
            String method, String path, Map<String, String> query, String type, String body) {
        try {
            Address address = Address.of(path);
            String verb = verb(method, address);
            requests.accept(
                    verb + " " + address.resource().plural() + (address.status() ? "/status" : ""));
            JsonNode answer =
                    switch (verb) {
                        case "get" -> shown(address, find(address));
                        case "list" -> list(address, query);
                        // Its definitions accept any field.
                        case String _ when query.containsKey("dryRun") -> Json.read(body);
                        case "create" -> shown(address, create(address, Json.read(body)));
                        case "update" ->
                                shown(address, write(address, (ObjectNode) Json.read(body)));
                        case "patch" -> shown(address, patch(address, type, Json.read(body)));
                        case "delete" -> delete(address);
                        default -> throw ApiError.unusable("no such verb: " + method);
                    };
            return new Reply(verb.equals("create") ? 201 : 200, answer.toString());
        } catch (ApiError refused) {
            return new Reply(refused.code(), refused.status().toString());
        }
    }

    /** Sends every change from now on; closing it ends that. */
    public AutoCloseable watch(String path, Map<String, String> query, Consumer<String> receiver) {
        var watch = new Watch(Address.of(path), query, receiver);
        watches.add(watch);
        return () -> watches.remove(watch);
    }

    private static String verb(String method, Address address) {
        return switch (method) {
            case "GET" -> address.name() == null ? "list" : "get";
            case "POST" -> "create";
            case "PUT" -> "update";
            case "PATCH" -> "patch";
            default -> "delete";
        };
    }

    private ObjectNode find(Address address) {
        return objects.get(address.resource(), address.namespace(), address.named());
    }

    private JsonNode list(Address address, Map<String, String> query) {
        Resource resource = address.resource();
        ObjectNode list = Json.object();
        list.put("kind", resource.kind() + "List");
        list.put("apiVersion", resource.apiVersion(address.version()));
        list.putObject("metadata").put("resourceVersion", String.valueOf(objects.version()));
        ArrayNode items = list.putArray("items");
        String namespace = address.namespace().isEmpty() ? null : address.namespace();
        for (ObjectNode object : objects.list(resource, namespace)) {
            if (Selectors.match(query, object)) {
                items.add(shown(address, object));
            }
        }
        return list;
    }

    private ObjectNode create(Address address, JsonNode body) {
        ObjectNode object = (ObjectNode) body;
        if (!address.namespace().isEmpty()) {
            object.withObjectProperty("metadata").put("namespace", address.namespace());
        }
        return objects.create(address.resource(), object);
    }

    private ObjectNode write(Address address, ObjectNode object) {
        return objects.replace(address.resource(), object, address.status());
    }

    private ObjectNode patch(Address address, String type, JsonNode patch) {
        ObjectNode before = find(address);
        ObjectNode after =
                type.contains("json-patch")
                        ? amended(before, patch)
                        : (ObjectNode) Patches.merge(before, patch);
        return write(address, after);
    }

    private static ObjectNode amended(ObjectNode before, JsonNode operations) {
        try {
            return Patches.json(before, operations);
        } catch (IllegalStateException passed) {
            throw ApiError.unpatched();
        }
    }

    private JsonNode delete(Address address) {
        objects.delete(address.resource(), address.namespace(), address.named());
        return Json.object().put("kind", "Status").put("apiVersion", "v1").put("status", "Success");
    }

    /** As it looks in the version that was asked for. */
    private static ObjectNode shown(Address address, ObjectNode object) {
        ObjectNode shown = Json.object();
        shown.put("apiVersion", address.resource().apiVersion(address.version()));
        shown.put("kind", address.resource().kind());
        object.properties()
                .forEach(
                        each -> {
                            if (!shown.has(each.getKey())) {
                                shown.set(each.getKey(), each.getValue());
                            }
                        });
        return shown;
    }

    private void publish(Resource resource, Objects.Change change, ObjectNode object) {
        for (Watch watch : List.copyOf(watches)) {
            if (watch.address.resource().equals(resource) && concerns(watch, object)) {
                String event =
                        Json.object()
                                .put("type", change.name())
                                .set("object", shown(watch.address, object))
                                .toString();
                timeline.soon(
                        () -> {
                            if (watches.contains(watch)) {
                                watch.receiver.accept(event);
                            }
                        });
            }
        }
    }

    private static boolean concerns(Watch watch, ObjectNode object) {
        String namespace = watch.address.namespace();
        String name = watch.address.name();
        return (namespace.isEmpty() || namespace.equals(object.at("/metadata/namespace").asText()))
                && (name == null || name.equals(object.at("/metadata/name").asText()))
                && Selectors.match(watch.query, object);
    }

    /**
     * What an address names.
     *
     * @param namespace empty for every one, or none
     * @param name null for all
     * @param status true for the status alone
     */
    private record Address(
            Resource resource,
            String version,
            String namespace,
            @Nullable String name,
            boolean status) {

        static Address of(String path) {
            List<String> parts = List.of(path.substring(1).split("/"));
            boolean core = parts.getFirst().equals("api");
            String group = core ? "" : parts.get(1);
            int at = core ? 1 : 2;
            if (parts.size() <= at + 1) {
                throw ApiError.unknown(path);
            }
            String version = parts.get(at++);
            String namespace = "";
            if (parts.get(at).equals("namespaces") && parts.size() > at + 2) {
                namespace = parts.get(at + 1);
                at += 2;
            }
            Resource resource =
                    Resource.at(group, version, parts.get(at))
                            .orElseThrow(() -> ApiError.unknown(path));
            String name = parts.size() > at + 1 ? parts.get(at + 1) : null;
            boolean status = parts.size() > at + 2 && parts.get(at + 2).equals("status");
            return new Address(resource, version, namespace, name, status);
        }

        String named() {
            if (name == null) {
                throw ApiError.unusable("a name is wanted");
            }
            return name;
        }
    }
}
