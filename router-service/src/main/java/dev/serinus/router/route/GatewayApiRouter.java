package dev.serinus.router.route;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Gateway API: an HTTPRoute that weighs the primary against the canary. Shapes are Flagger's
 * (pkg/router/gateway_api.go), except that what was there before is kept and a condition that
 * cannot be translated is refused.
 */
public final class GatewayApiRouter implements Router {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String GROUP = "gateway.networking.k8s.io";

    private final String provider;
    private final Kind kind;

    private GatewayApiRouter(String provider, String version) {
        this.provider = provider;
        this.kind = new Kind(GROUP, version, "HTTPRoute", "httproutes");
    }

    /** For {@code gatewayapi:v1} and, as in Flagger, all that begins so. */
    public static GatewayApiRouter v1() {
        return new GatewayApiRouter("gatewayapi:v1", "v1");
    }

    /** For {@code gatewayapi:v1beta1}; ask it before {@link #v1}, which takes that as well. */
    public static GatewayApiRouter v1beta1() {
        return new GatewayApiRouter("gatewayapi:v1beta1", "v1beta1");
    }

    @Override
    public boolean serves(String asked) {
        return asked.startsWith(provider);
    }

    @Override
    public List<Ref> objects(Canary canary) {
        return List.of(kind.named(canary.getMetadata().getNamespace(), canary.apex()));
    }

    @Override
    public List<Change> plan(Routing routing, Live live) {
        var parents = routing.service().gatewayRefs();
        if (parents == null || parents.isEmpty()) {
            throw Refusal.invalid(
                    "GatewayRefs must be specified when using Gateway API as a provider.");
        }
        Ref ref = objects(routing.canary()).getFirst();
        var found = live.find(ref);
        return List.of(new Change(found, route(routing, ref, found, parents)));
    }

    private static ClusterObject route(
            Routing routing, Ref ref, @Nullable ClusterObject found, List<JsonNode> parents) {
        var canary = routing.canary();
        var rendering = new HttpRules(routing);
        var before = found == null ? ClusterObject.blank(ref) : found;
        boolean adopted = found != null && !found.isOwnedBy(canary);
        JsonNode live = before.at("/spec/rules");
        // The cookies of a Canary that is gone are not this one's.
        boolean left = found != null && found.isLeftByAnotherThan(canary);
        List<ObjectNode> rules = rendering.rules(left ? JSON.missingNode() : live);
        ArrayNode merged;
        if (adopted) {
            Adopted.keepUnknown(live, rules, rendering::isOurs, HttpRules.KNOWN);
            // Gateway API prefers the more specific match, wherever it stands.
            merged = Adopted.rules(live, rules, rendering::isOurs, _ -> false);
        } else {
            merged = JSON.arrayNode().addAll(rules);
        }
        var hosts = JSON.arrayNode();
        if (routing.service().hosts() != null) {
            routing.service().hosts().forEach(hosts::add);
        }
        var names = adopted ? Adopted.union(hosts, before.at("/spec/hostnames")) : hosts;
        return before.edited(
                edit -> {
                    if (found == null) {
                        edit.ownedBy(canary);
                    } else if (adopted && !rendering.isTakenOver(found)) {
                        RouteMetadata.keepOriginal(found, edit);
                    } else if (!adopted) {
                        edit.withoutLabels(_ -> true);
                    }
                    edit.label(RouteMetadata.labels(canary, routing.selectorLabel()));
                    edit.annotate(RouteMetadata.annotations(canary));
                    edit.spec("parentRefs", parents(parents));
                    edit.spec("hostnames", names.isEmpty() ? null : names);
                    edit.spec("rules", merged);
                });
    }

    /** As written, with what the Canary's schema and the API server would both fill in. */
    private static ArrayNode parents(List<JsonNode> refs) {
        var parents = JSON.arrayNode();
        for (JsonNode ref : refs) {
            ObjectNode parent = ref.deepCopy();
            if (!parent.has("group")) {
                parent.put("group", GROUP);
            }
            if (!parent.has("kind")) {
                parent.put("kind", "Gateway");
            }
            parents.add(parent);
        }
        return parents;
    }

    @Override
    public Optional<Affinity.Shown> cookies(Canary canary, Live live) {
        return objects(canary).stream()
                .map(live::find)
                .filter(Objects::nonNull)
                .findFirst()
                .flatMap(it -> Affinity.shown(canary, HttpRules.cookies(it.at("/spec/rules"))));
    }

    @Override
    public Optional<Split> shown(ClusterObject object) {
        if (!object.ref().kind().equals(kind)) {
            return Optional.empty();
        }
        String candidate = object.ref().name() + "-canary";
        Optional<Integer> weight = Optional.empty();
        boolean mirrored = false;
        for (JsonNode rule : object.at("/spec/rules")) {
            for (JsonNode filter : rule.path("filters")) {
                mirrored |= filter.at("/requestMirror/backendRef/name").asText().equals(candidate);
            }
            for (JsonNode backend : rule.path("backendRefs")) {
                if (backend.path("name").asText().equals(candidate)) {
                    // Rules for cookies come first, the one that weighs last.
                    weight = Optional.of(backend.path("weight").asInt(1));
                }
            }
        }
        boolean copies = mirrored;
        return weight.map(it -> new Split(it, copies, false));
    }

    @Override
    public Optional<String> unready(Canary canary, Live live) {
        return behind(
                canary,
                live,
                (status, observed, wanted) -> !status.equals("True") || observed < wanted);
    }

    @Override
    public Optional<String> unseen(Canary canary, Live live) {
        return behind(canary, live, (_, observed, wanted) -> observed < wanted);
    }

    /** What is the matter with a parent's answer. */
    @FunctionalInterface
    private interface Matter {
        boolean is(String accepted, long observed, long wanted);
    }

    /** The first parent with which something is the matter. */
    private Optional<String> behind(Canary canary, Live live, Matter matter) {
        var found = live.find(objects(canary).getFirst());
        if (found == null) {
            return Optional.empty();
        }
        long generation = found.at("/metadata/generation").asLong();
        for (JsonNode parent : found.at("/spec/parentRefs")) {
            for (JsonNode status : found.at("/status/parents")) {
                if (!isSame(found, status.path("parentRef"), parent)) {
                    continue;
                }
                for (JsonNode condition : status.path("conditions")) {
                    long observed = condition.path("observedGeneration").asLong();
                    if (condition.path("type").asText().equals("Accepted")
                            && matter.is(condition.path("status").asText(), observed, generation)) {
                        return Optional.of(
                                "HTTPRoute %s parent %s is not ready (status: %s, observed generation: %d, current generation: %d)%s"
                                        .formatted(
                                                found.ref().dotted(),
                                                parent.path("name").asText(),
                                                condition.path("status").asText(),
                                                observed,
                                                generation,
                                                said(condition)));
                    }
                }
            }
        }
        return Optional.empty();
    }

    /** What the parent says about itself; nothing when it says nothing. */
    private static String said(JsonNode condition) {
        String said =
                Stream.of("reason", "message")
                        .map(field -> condition.path(field).asText())
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining(": "));
        return said.isEmpty() ? "" : ": " + said;
    }

    /** Compared with what the API's documentation fills in; each side may leave it out. */
    private static boolean isSame(ClusterObject route, JsonNode one, JsonNode other) {
        return Stream.of("group", "kind", "namespace", "name", "sectionName", "port")
                .allMatch(field -> field(route, one, field).equals(field(route, other, field)));
    }

    private static String field(ClusterObject route, JsonNode parent, String field) {
        return parent.path(field)
                .asText(
                        switch (field) {
                            case "group" -> GROUP;
                            case "kind" -> "Gateway";
                            case "namespace" -> route.ref().namespace();
                            default -> "";
                        });
    }

    @Override
    public List<Change> restored(Canary canary, Live live) {
        var found = live.find(objects(canary).getFirst());
        if (found == null || found.isOwnedBy(canary) || !RouteMetadata.isInHand(found)) {
            return List.of();
        }
        return RouteMetadata.original(found)
                .map(original -> List.of(new Change(found, original)))
                .orElseGet(List::of);
    }

    @Override
    public List<Change> left(Canary canary, ClusterObject target, Live live) {
        var found = live.find(objects(canary).getFirst());
        if (found == null || !found.isOwnedBy(canary)) {
            return List.of();
        }
        var rule = new HttpRules(new Routing(canary, Split.PRIMARY, 0, "")).toApex();
        return List.of(
                new Change(
                        found,
                        found.edited(
                                edit ->
                                        edit.spec("rules", JSON.arrayNode().add(rule))
                                                .withoutAnnotations(RouteMetadata::isNote)
                                                .leftTo(target))));
    }
}
