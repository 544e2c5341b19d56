package dev.serinus.router.route.alb;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.route.CanaryRoute;
import dev.serinus.router.route.Copies;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Alb;
import dev.serinus.schemas.mesh.Ingresses;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One Ingress and the Canary that it is shared for, without a cluster. */
final class AlbTestBase {

    static final String ACTIONS = Alb.ANNOTATIONS + "actions.";
    static final String IP = Alb.ANNOTATIONS + "target-type: ip";

    final Map<Ref, ClusterObject> objects = new HashMap<>();
    final CanaryRoute route;

    /**
     * @param service of the Canary, in YAML
     */
    AlbTestBase(String service) {
        this.route =
                new CanaryRoute(
                        new AlbRouter(),
                        Copies.canary(
                                "ingressRef: {kind: Ingress, name: shop}",
                                service,
                                "stepWeight: 10"));
    }

    /**
     * @param annotations in YAML
     * @param paths as "PATH SERVICE PORT"
     */
    AlbTestBase ingress(String annotations, String... paths) {
        put(
                Copies.object(
                        """
                        apiVersion: networking.k8s.io/v1
                        kind: Ingress
                        metadata: {name: shop, namespace: test, annotations: {%s}}
                        spec: {rules: [{http: {paths: %s}}]}
                        """
                                .formatted(annotations, paths(paths))));
        return this;
    }

    static List<String> paths(String... paths) {
        return Stream.of(paths)
                .map(it -> it.split(" "))
                .map(
                        it ->
                                "{path: %s, pathType: Prefix, backend: {service: {name: %s, port: {%s: %s}}}}"
                                        .formatted(
                                                it[0],
                                                it[1],
                                                it[2].matches("\\d+") ? "number" : "name",
                                                it[2]))
                .toList();
    }

    AlbTestBase service(String annotations) {
        put(
                new ClusterObject(
                        Kind.SERVICE.named("test", "podinfo"),
                        Copies.object(
                                        """
                                        kind: Ingress
                                        metadata: {name: podinfo, namespace: test, annotations: {%s}}
                                        """
                                                .formatted(annotations))
                                .json()));
        return this;
    }

    /** An action's annotation, in YAML, that forwards by "SERVICE WEIGHT". */
    static String action(String name, String... groups) {
        return "%s%s: '%s'".formatted(ACTIONS, name, forward("", groups));
    }

    static String sticky(String name, String... groups) {
        return "%s%s: '%s'"
                .formatted(
                        ACTIONS,
                        name,
                        forward(", \"targetGroupStickinessConfig\": {\"enabled\": true}", groups));
    }

    static String forward(String more, String... groups) {
        return "{\"type\": \"forward\", \"forwardConfig\": {\"targetGroups\": [%s]%s}}"
                .formatted(
                        Stream.of(groups)
                                .map(it -> it.split(" "))
                                .map(
                                        it ->
                                                "{\"serviceName\": \"%s\", \"servicePort\": 80, \"weight\": %s}"
                                                        .formatted(it[0], it[1]))
                                .collect(Collectors.joining(", ")),
                        more);
    }

    void put(ClusterObject object) {
        objects.put(object.ref(), object);
    }

    ClusterObject live() {
        return Objects.requireNonNull(objects.get(Ingresses.INGRESS.named("test", "shop")));
    }

    void edit(Consumer<Edit> edits) {
        put(live().edited(edits));
    }

    void shift(int weight) {
        route.plan(new Routing(route.canary(), Split.of(weight), 1, "app"), objects::get)
                .forEach(change -> put(change.desired()));
    }

    void giveBack() {
        route.restored(objects::get).forEach(change -> put(change.desired()));
    }

    List<String> groups(String action) {
        return groups(live(), action);
    }

    static List<String> groups(ClusterObject ingress, String action) {
        return ForwardAction.parse(String.valueOf(ingress.annotation(ACTIONS + action)))
                .orElseThrow()
                .groups()
                .valueStream()
                .map(it -> it.path("serviceName").asText() + " " + it.path("weight").asText("none"))
                .toList();
    }

    /** By which port a path leads to its Service. */
    String port(int path) {
        var port = live().at("/spec/rules/0/http/paths/" + path + "/backend/service/port");
        return port.path("name").asText(port.path("number").asText());
    }
}
