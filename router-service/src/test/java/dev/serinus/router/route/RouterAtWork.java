package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Reading;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** A router with one Canary, and the objects of the cluster as it leaves them. */
public final class RouterAtWork {

    private static final ObjectMapper YAML = new YAMLMapper();

    private final CanaryRoute route;
    private final Map<Ref, ClusterObject> objects = new LinkedHashMap<>();
    private String failing = "";

    /**
     * @param service spec.service of Canary podinfo in the namespace test, in YAML
     * @param match spec.analysis.match, in YAML
     * @param more further fields of spec, in YAML
     */
    public RouterAtWork(Router router, String service, String match, String more) {
        this.route = new CanaryRoute(router, canary(service, match, more));
        var refs = Objects.requireNonNull(route.canary().getSpec().service()).gatewayRefs();
        if (refs != null) {
            refs.forEach(it -> putGateway(it.path("namespace").asText("test"), it.path("name")));
        }
    }

    /** What a manifest names is there, and no controller writes what it makes of it. */
    private void putGateway(String namespace, JsonNode name) {
        route.router().mesh().looksAt().stream()
                .filter(it -> it.name().equals("Gateway"))
                .map(it -> it.named(namespace, name.asText()))
                .forEach(ref -> objects.put(ref, ClusterObject.blank(ref)));
    }

    /** Somebody takes an object away. */
    public RouterAtWork without(String kind, String name) {
        objects.keySet().removeIf(it -> it.kind().name().equals(kind) && it.name().equals(name));
        return this;
    }

    public RouterAtWork(Router router, String service, String match) {
        this(router, service, match, "{}");
    }

    public RouterAtWork(Router router) {
        this(router, "{port: 80}", "[]");
    }

    private static Canary canary(String service, String match, String more) {
        ObjectNode manifest =
                read(
                        """
                        apiVersion: flagger.app/v1beta1
                        kind: Canary
                        metadata: {name: podinfo, namespace: test, uid: uid-of-podinfo}
                        spec:
                          targetRef: {apiVersion: apps/v1, kind: Deployment, name: podinfo}
                          service: %s
                          analysis: {interval: 1m, threshold: 1, iterations: 2, match: %s}
                        """
                                .formatted(service, match));
        manifest.withObjectProperty("spec").setAll(read(more));
        return switch (CanaryReader.read(manifest)) {
            case Reading.Whole<Canary>(var whole) -> whole;
            case Reading.Malformed<Canary>(_, var problems) ->
                    throw new IllegalArgumentException(problems.toString());
        };
    }

    /** A tree, in YAML. */
    public static ObjectNode read(String yaml) {
        try {
            return YAML.readValue(yaml, ObjectNode.class);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Somebody makes an object, in YAML, in the place of what is there. */
    public RouterAtWork put(String yaml) {
        ObjectNode json = read(yaml);
        var mesh = route.router().mesh();
        Kind kind =
                Stream.of(
                                mesh.reads(),
                                mesh.looksAt(),
                                mesh.writes(),
                                mesh.steers(),
                                List.of(Kind.SERVICE))
                        .flatMap(List::stream)
                        .filter(it -> it.name().equals(json.path("kind").asText()))
                        .findFirst()
                        .orElseThrow();
        var ref =
                kind.named(
                        json.at("/metadata/namespace").asText("test"),
                        json.at("/metadata/name").asText());
        objects.put(ref, new ClusterObject(ref, json));
        return this;
    }

    public RouterAtWork shift(int weight) {
        return shift(Split.of(weight));
    }

    /** Those requests go to the canary that match the analysis. */
    public RouterAtWork lead() {
        return shift(Split.of(100).matching(true));
    }

    public RouterAtWork shift(Split split) {
        route.plan(new Routing(route.canary(), split, 1, "app"), objects::get)
                .forEach(change -> objects.put(change.ref(), change.desired()));
        return this;
    }

    /** The same over the same objects, of a Canary that was edited. */
    public RouterAtWork edited(String service, String match) {
        var edited = new RouterAtWork(route.router(), service, match);
        edited.objects.putAll(objects);
        return edited;
    }

    /** The Canary goes, and what was there before is given back. */
    public RouterAtWork giveBack() {
        route.restored(this::find).forEach(change -> objects.put(change.ref(), change.desired()));
        return this;
    }

    /** Objects of that name cannot be read when all is given back. */
    public RouterAtWork failing(String name) {
        failing = name;
        return this;
    }

    private @Nullable ClusterObject find(Ref ref) {
        if (ref.name().equals(failing)) {
            throw Refusal.retry("%s: the API server times out".formatted(ref.dotted()));
        }
        return objects.get(ref);
    }

    /** The split that is read back. */
    public Split shown() {
        return route.current(objects::get).orElseThrow();
    }

    public Acceptance accepted() {
        return route.accepted(objects::get, new KnownObjects(objects));
    }

    /** What the user has to bring is looked at, before anything is made. */
    public void check() {
        KnownObjects.check(route, objects);
    }

    /** What is set for the apex Service and will not hold. */
    public List<String> lost() {
        return route.lost(
                new Routing(route.canary(), Split.PRIMARY, 1, "app"), new KnownObjects(objects));
    }

    /** The objects that show the split, those that are there. */
    public List<ClusterObject> routes() {
        return route.routes().stream().map(objects::get).filter(Objects::nonNull).toList();
    }

    /** The first object that shows the split. */
    public ClusterObject route() {
        return Objects.requireNonNull(objects.get(route.routes().getFirst()));
    }

    public ClusterObject get(Kind kind, String name) {
        return Objects.requireNonNull(objects.get(kind.named("test", name)));
    }
}
