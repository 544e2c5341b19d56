package dev.serinus.router.route.ingress;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.RouteCopy;
import dev.serinus.router.route.Routing;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Ingresses;

import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Where an Ingress leads, and the copy of one that leads to a canary's sides. */
public final class IngressBackends {

    private static final String DEFAULT_PORT = "http";

    private IngressBackends() {}

    /** The user's Ingress and its copy; empty for a Canary that names none. */
    public static Optional<RouteCopy.Names> names(String title, Canary canary) {
        var ref = canary.getSpec().ingressRef();
        if (ref == null || ref.name().isEmpty()) {
            return Optional.empty();
        }
        String namespace = canary.getMetadata().getNamespace();
        return Optional.of(
                new RouteCopy.Names(
                        title,
                        "spec.ingressRef",
                        Ingresses.INGRESS.named(namespace, ref.name()),
                        Ingresses.INGRESS.named(namespace, ref.name() + "-canary")));
    }

    /** A Canary that names no Ingress; admission refuses it before. */
    public static Refusal unnamed() {
        return Refusal.invalid("ingress selector is empty; name the Ingress in spec.ingressRef");
    }

    /** The paths of all rules; a rule need not have any. */
    public static Stream<JsonNode> paths(JsonNode spec) {
        return spec.path("rules")
                .valueStream()
                .flatMap(rule -> rule.path("http").path("paths").valueStream());
    }

    /** The Service that a path, or a default backend, leads to; empty for anything else. */
    public static String service(JsonNode backend) {
        return backend.path("service").path("name").asText();
    }

    /** True when some path of an Ingress, or its default backend, leads to such a Service. */
    public static boolean leadsTo(ClusterObject ingress, Predicate<String> service) {
        var spec = ingress.at("/spec");
        return Stream.concat(
                        paths(spec).map(path -> path.path("backend")),
                        Stream.of(spec.path("defaultBackend")))
                .anyMatch(backend -> service.test(service(backend)));
    }

    /** Lets a backend lead to another Service by the same port. */
    public static void lead(JsonNode backend, String service) {
        if (backend.path("service") instanceof ObjectNode object) {
            object.put("name", service);
        }
    }

    /** What there is to say of an Ingress that does not lead to the application. */
    public static Refusal notFound(Routing routing, Ref ingress) {
        return Refusal.retry(
                "backend %s not found in ingress %s; lead one of its paths there, or set spec.service.name to the Service that it leads to"
                        .formatted(routing.canary().apex(), ingress.name()));
    }

    /**
     * Refuses a backend whose port the Services of the canary's sides will not have: its share
     * would be answered by nobody. What portDiscovery finds is not known here.
     */
    public static void checkPort(Routing routing, Ref ingress, JsonNode backend) {
        var service = routing.service();
        var port = backend.path("service").path("port");
        String wanted = port.path("name").asText(port.path("number").asText());
        if (!wanted.isEmpty() && !isServed(service, wanted)) {
            throw noPort(routing, "ingress " + ingress.dotted(), wanted);
        }
    }

    /** A route of the user's by a port that the canary's Services will not have. */
    public static Refusal noPort(Routing routing, String what, String port) {
        var service = routing.service();
        return Refusal.retry(
                "%s leads to port %s of %s, but the Services of its canary and primary will have port %d named %s only; set spec.service.port and spec.service.portName to that port, or lead to this one"
                        .formatted(
                                what,
                                port,
                                routing.canary().apex(),
                                service.port(),
                                portName(service)));
    }

    /** Whether the Services that are made have a port of this name or number. */
    public static boolean isServed(CanaryService service, String port) {
        var target = service.targetPort();
        return isOfService(service, port)
                // NGINX also takes the port of the pods.
                || (target != null && port.equals(String.valueOf(target.getValue())));
    }

    /** The same where the port of the pods does not count. */
    public static boolean isOfService(CanaryService service, String port) {
        return Boolean.TRUE.equals(service.portDiscovery())
                || port.equals(String.valueOf(service.port()))
                || port.equals(portName(service));
    }

    private static String portName(CanaryService service) {
        String name = service.portName();
        return name == null || name.isEmpty() ? DEFAULT_PORT : name;
    }
}
