package dev.serinus.router.route.appmesh;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.route.RouteMetadata;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.RouteObject.Decoration;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.SharedLists;
import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.canary.Durations;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * The virtual nodes of one canary: the proxies of its pods are members of them from their first
 * moment on, so that they have to be there before.
 */
record VirtualNodes(Routing routing, Version version) {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** On a Canary whose nodes shall tell of each request. */
    static final String ACCESS_LOG = "appmesh.flagger.app/accesslog";

    private static final String LISTENERS = "listeners";

    /**
     * A node.
     *
     * @param host the Service whose pods it stands for
     * @param pods labels that select those; null where they say themselves whose members they are
     */
    RouteObject node(Ref ref, String host, @Nullable ObjectNode pods) {
        return new RouteObject(
                ref,
                decoration(),
                (edit, found) -> made(edit, found, host, pods),
                (edit, found) -> adopted(edit, found, host, pods),
                _ -> false);
    }

    /** What service.apex says, without the label that Flagger adds to other routes. */
    private Decoration decoration() {
        var apex = service().apex();
        return new Decoration(
                apex == null || apex.labels() == null ? Map.of() : apex.labels(),
                RouteMetadata.annotations(routing.canary()));
    }

    private void made(
            Edit edit, @Nullable ClusterObject found, String host, @Nullable ObjectNode pods) {
        identity(edit, host, pods);
        var listeners = JSON.arrayNode();
        JsonNode live = found == null ? listeners : found.at("/spec/listeners");
        var listener = listener(base(live));
        if (limit(service()).isEmpty()) {
            listener.remove("timeout");
        }
        var backends = backends();
        edit.spec(LISTENERS, listeners.add(listener))
                .spec("backends", backends.isEmpty() ? null : backends)
                .spec("logging", logging().orElse(null));
    }

    private void adopted(Edit edit, ClusterObject found, String host, @Nullable ObjectNode pods) {
        identity(edit, host, pods);
        JsonNode live = found.at("/spec/listeners");
        JsonNode base = base(live);
        var listeners = JSON.arrayNode().add(listener(base));
        live.valueStream().filter(it -> !it.equals(base)).forEach(listeners::add);
        edit.spec(LISTENERS, listeners);
        var backends = backends();
        var lists = new SharedLists(found, found.annotation(RouteMetadata.ORIGINAL) == null);
        var all = lists.merged("backends", backends);
        if (!all.isEmpty() || !found.at("/spec/backends").isEmpty()) {
            edit.spec("backends", all.isEmpty() ? null : all);
        }
        lists.note(edit);
        logging().ifPresent(it -> edit.spec("logging", it));
    }

    /** Whose node it is: never anybody else's to change. */
    private void identity(Edit edit, String host, @Nullable ObjectNode pods) {
        if (version == Version.V1BETA1) {
            edit.spec("meshName", meshName(service()));
        }
        if (pods != null) {
            var selector = JSON.objectNode();
            selector.set("matchLabels", pods.deepCopy());
            edit.spec("podSelector", selector);
        }
        edit.spec("serviceDiscovery", discovery(version, host, namespace()));
    }

    /** Finds the pods of a Service by its name. */
    static ObjectNode discovery(Version version, String service, String namespace) {
        var discovery = JSON.objectNode();
        var dns = discovery.putObject("dns");
        switch (version) {
            case V1BETA1 -> dns.put("hostName", service + "." + namespace);
            case V1BETA2 -> dns.put("hostname", service + "." + namespace + ".svc.cluster.local.");
        }
        return discovery;
    }

    static @Nullable JsonNode meshName(CanaryService service) {
        return service.meshName() == null ? null : JSON.textNode(service.meshName());
    }

    /** The live listener that ours takes the place of: the one of its port, else the first. */
    private JsonNode base(JsonNode listeners) {
        int port = port(routing, version);
        return listeners
                .valueStream()
                .filter(it -> it.at("/portMapping/port").asInt() == port)
                .findFirst()
                .orElseGet(() -> listeners.path(0));
    }

    /** Ours, with what the live one has besides: TLS, health checks, limits of connections. */
    private ObjectNode listener(JsonNode live) {
        ObjectNode listener =
                live instanceof ObjectNode known ? known.deepCopy() : JSON.objectNode();
        listener.set("portMapping", portMapping(routing, version));
        if (version == Version.V1BETA2) {
            limit(service())
                    .ifPresent(
                            limit -> {
                                var timeout = JSON.objectNode();
                                timeout.putObject(Protocol.of(service(), version).word())
                                        .set("perRequest", Version.millis(limit));
                                listener.set("timeout", timeout);
                            });
        }
        return listener;
    }

    /** Where the pods listen, and what they speak. */
    static ObjectNode portMapping(Routing routing, Version version) {
        return JSON.objectNode()
                .put("port", port(routing, version))
                .put("protocol", Protocol.of(routing.service(), version).word());
    }

    /** The container's port; with v1beta1 the Service's, as in Flagger. */
    private static int port(Routing routing, Version version) {
        var service = routing.service();
        var target = service.targetPort();
        if (version == Version.V1BETA1 || target == null) {
            return service.port();
        }
        if (target.getIntVal() != null) {
            return target.getIntVal() > 0 ? target.getIntVal() : service.port();
        }
        return routing.pods().ports().getOrDefault(target.getStrVal(), service.port());
    }

    /** {@code spec.service.timeout}; empty where there is none that can be read, as in Flagger. */
    static Optional<Duration> limit(CanaryService service) {
        return Optional.ofNullable(service.timeout()).flatMap(Durations::parse);
    }

    private ArrayNode backends() {
        var backends = JSON.arrayNode();
        if (service().backends() != null) {
            for (String name : service().backends()) {
                var backend = backends.addObject().putObject("virtualService");
                if (version == Version.V1BETA1) {
                    backend.put("virtualServiceName", name);
                } else if (name.startsWith("arn:aws")) {
                    backend.put("virtualServiceARN", name);
                } else {
                    backend.putObject("virtualServiceRef").put("name", name);
                }
            }
        }
        return backends;
    }

    private Optional<ObjectNode> logging() {
        var annotations = routing.canary().getMetadata().getAnnotations();
        if (annotations == null || !"enabled".equals(annotations.get(ACCESS_LOG))) {
            return Optional.empty();
        }
        var logging = JSON.objectNode();
        logging.putObject("accessLog").putObject("file").put("path", "/dev/stdout");
        return Optional.of(logging);
    }

    private CanaryService service() {
        return routing.service();
    }

    private String namespace() {
        return routing.canary().getMetadata().getNamespace();
    }
}
