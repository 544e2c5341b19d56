package dev.serinus.router.route.knative;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Acceptance;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Silence;
import dev.serinus.router.route.Split;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Knative;
import dev.serinus.schemas.mesh.Mesh;
import dev.serinus.schemas.targets.KnativeService;
import dev.serinus.schemas.targets.TargetKind;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/**
 * Knative: the traffic of the Service that is released, between its latest revision and the one
 * that is the primary. Shapes are Flagger's (pkg/router/knative.go). The Service is its author's:
 * nothing of it changes but {@code spec.traffic} and annotations, and the primary stays named there
 * at 0 percent too, since Knative collects revisions that nothing names.
 */
public final class KnativeRouter implements Router {

    /** What {@code spec.traffic} was before; "null" where there was none. */
    static final String ORIGINAL_TRAFFIC = ClusterObject.OURS + "original-traffic";

    private static final String TRAFFIC = "/spec/traffic";
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final ObjectMapper MAPPER = JsonMapper.builder().build();

    @Override
    public Mesh mesh() {
        return Knative.MESH;
    }

    @Override
    public List<Ref> routes(Canary canary) {
        return List.of(service(canary));
    }

    private static Ref service(Canary canary) {
        return Knative.SERVICE.named(
                canary.getMetadata().getNamespace(), canary.getSpec().targetRef().name());
    }

    @Override
    public List<Kind> noted() {
        return mesh().writes();
    }

    @Override
    public Optional<Split> shownBySteered(ClusterObject route) {
        return isInHand(route) ? shown(route) : Optional.empty();
    }

    /** Whichever Canary had it: it is that one's no more. */
    @Override
    public Optional<ClusterObject> unsteered(ClusterObject route) {
        return isInHand(route) ? Optional.of(restored(route, null)) : Optional.empty();
    }

    private static boolean isInHand(ClusterObject route) {
        return route.annotation(TargetKind.RELEASED_BY) != null;
    }

    /** The primary is there once it is named, and Knative leads to it from then on. */
    @Override
    public List<Ref> beforePrimary(Canary canary) {
        return writes(canary);
    }

    /** Without a Service there is nothing to make. */
    @Override
    public boolean refusesFound() {
        return true;
    }

    @Override
    public List<RouteObject> wanted(Routing routing, Live live) {
        var ref = service(routing.canary());
        var found = live.find(ref);
        if (found == null) {
            throw Refusal.missing("Knative Service", ref);
        }
        String primary = primary(routing.canary(), found);
        String serving = serving(routing, primary);
        return List.of(
                new RouteObject(
                        ref,
                        null,
                        (_, _) -> {
                            throw new IllegalStateException("a Knative Service is never made here");
                        },
                        (edit, before) -> route(routing, primary, serving, edit, before),
                        // What it was before is noted beside its traffic alone.
                        _ -> true));
    }

    private static String primary(Canary canary, ClusterObject found) {
        var service = new KnativeService(found.json());
        return service.primary(promoted(canary))
                .or(service::serving)
                .orElseThrow(
                        () ->
                                Refusal.retry(
                                        "Knative Service %s has no revision that serves yet"
                                                .formatted(found.ref().dotted())));
    }

    /** One that was promoted and is not ready gets nothing: what is named serves until it is. */
    private static String serving(Routing routing, String primary) {
        var serving = routing.serving();
        return serving != null && serving.kind().equals(Knative.REVISION)
                ? serving.name()
                : primary;
    }

    private static @Nullable String promoted(Canary canary) {
        var status = canary.getStatus();
        return status == null ? null : status.lastPromotedSpec();
    }

    private static void route(
            Routing routing, String primary, String serving, Edit edit, ClusterObject before) {
        JsonNode present = before.at(TRAFFIC);
        boolean isFlaggers = before.annotation(KnativeService.PRIMARY_REVISION) != null;
        if (!isFlaggers && before.annotation(ORIGINAL_TRAFFIC) == null) {
            edit.annotate(ORIGINAL_TRAFFIC, present.isMissingNode() ? "null" : present.toString());
        }
        edit.annotate(KnativeService.PRIMARY_REVISION, primary)
                .annotate(TargetKind.RELEASED_BY, routing.canary().getMetadata().getName());
        var wanted = traffic(serving, routing.split(), present);
        if (!isSame(wanted, present)) {
            edit.spec("traffic", wanted);
        }
    }

    private static ArrayNode traffic(String serving, Split split, JsonNode present) {
        return JSON.arrayNode()
                .add(
                        JSON.objectNode()
                                .put("latestRevision", true)
                                .put("percent", split.shares().canary()))
                .add(
                        JSON.objectNode()
                                .put("revisionName", serving)
                                .put("percent", split.shares().primary()))
                .addAll(tags(present));
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route) {
        if (isAnothers(canary, route)) {
            return _ -> {};
        }
        return edit ->
                new KnativeService(route.json())
                        .lasting(promoted(canary))
                        .ifPresent(
                                primary ->
                                        edit.spec(
                                                "traffic",
                                                traffic(
                                                        primary,
                                                        Split.PRIMARY,
                                                        route.at(TRAFFIC))));
    }

    /** Addresses of its own that a tag gives to a revision go on, without a share. */
    private static List<JsonNode> tags(JsonNode traffic) {
        return traffic.valueStream()
                .filter(entry -> !entry.path("tag").asText().isEmpty())
                .<JsonNode>map(
                        entry -> {
                            var tag = JSON.objectNode();
                            if (KnativeService.isLatest(entry)) {
                                tag.put("latestRevision", true);
                            } else {
                                tag.set("revisionName", entry.path("revisionName"));
                            }
                            return tag.set("tag", entry.path("tag"));
                        })
                .toList();
    }

    /** Knative fills in what is left out, and that is no change. */
    private static boolean isSame(JsonNode wanted, JsonNode present) {
        return entries(wanted).equals(entries(present));
    }

    private record Entry(boolean latest, String revision, int percent, String tag) {}

    private static List<Entry> entries(JsonNode traffic) {
        return StreamSupport.stream(traffic.spliterator(), false)
                .map(
                        entry ->
                                new Entry(
                                        KnativeService.isLatest(entry),
                                        KnativeService.isLatest(entry)
                                                ? ""
                                                : entry.path("revisionName").asText(),
                                        KnativeService.percent(entry),
                                        entry.path("tag").asText()))
                .toList();
    }

    @Override
    public Optional<Split> shown(ClusterObject object) {
        return object.ref().kind().equals(Knative.SERVICE)
                        && object.annotation(KnativeService.PRIMARY_REVISION) != null
                ? Optional.of(split(object.at(TRAFFIC)))
                : Optional.empty();
    }

    /** Where nothing is said all goes to the latest revision. */
    private static Split split(JsonNode traffic) {
        if (traffic.isEmpty()) {
            return Split.of(100);
        }
        int canary = 0;
        int primary = 0;
        for (JsonNode entry : traffic) {
            if (KnativeService.isLatest(entry)) {
                canary += KnativeService.percent(entry);
            } else {
                primary += KnativeService.percent(entry);
            }
        }
        return Split.ofWeights(primary, canary);
    }

    /** Knative says which generation it has seen; where it does not, nobody is asked. */
    @Override
    public Acceptance accepted(ClusterObject route, Found looked) {
        String name = route.ref().dotted();
        if (!isSaid(route)) {
            return Silence.of(route, looked, KnativeRouter::isSaid, "", "Knative");
        }
        if (!new KnativeService(route.json()).isObserved()) {
            return Acceptance.unseen(
                    "Knative has not seen generation %s of Service %s yet"
                            .formatted(route.at("/metadata/generation").asText(), name));
        }
        var routes = KnativeService.condition(route.json(), "RoutesReady");
        String message = routes.path("message").asText(routes.path("reason").asText());
        return switch (routes.path("status").asText()) {
            case "False" ->
                    Acceptance.refused(
                            "Knative does not route Service %s: %s".formatted(name, message));
            case "Unknown" ->
                    Acceptance.unseen(
                            "Knative does not route Service %s yet: %s".formatted(name, message));
            default ->
                    split(route.at("/status/traffic")).equals(split(route.at(TRAFFIC)))
                            ? Acceptance.TAKEN
                            : Acceptance.unseen(
                                    "Knative does not serve spec.traffic of Service %s yet"
                                            .formatted(name));
        };
    }

    private static boolean isSaid(ClusterObject service) {
        return !service.at("/status/observedGeneration").isMissingNode();
    }

    /** Each Canary that routes a Service writes its name there first. */
    private static boolean isAnothers(Canary canary, ClusterObject service) {
        String by = service.annotation(TargetKind.RELEASED_BY);
        return by != null && !by.equals(canary.getMetadata().getName());
    }

    /**
     * Its traffic as it was, if that leads to what was promoted last and nowhere else; otherwise
     * the primary stays the one that serves. One that another Canary releases is that one's.
     */
    @Override
    public Optional<ClusterObject> restored(Canary canary, ClusterObject live) {
        return isAnothers(canary, live)
                ? Optional.empty()
                : Optional.of(restored(live, promoted(canary)));
    }

    private static ClusterObject restored(ClusterObject live, @Nullable String promoted) {
        var service = new KnativeService(live.json());
        var original = original(live);
        return live.edited(
                edit -> {
                    edit.withoutAnnotations(
                            key ->
                                    key.startsWith(ClusterObject.OURS)
                                            || key.equals(KnativeService.PRIMARY_REVISION));
                    service.lasting(promoted)
                            .ifPresent(
                                    primary ->
                                            edit.spec(
                                                    "traffic",
                                                    original.filter(
                                                                    it ->
                                                                            service.leadsTo(
                                                                                    primary, it))
                                                            .orElseGet(
                                                                    () ->
                                                                            pinned(
                                                                                    primary,
                                                                                    live.at(
                                                                                            TRAFFIC)))));
                });
    }

    private static ArrayNode pinned(String primary, JsonNode present) {
        return JSON.arrayNode()
                .add(JSON.objectNode().put("revisionName", primary).put("percent", 100))
                .addAll(tags(present));
    }

    private static Optional<JsonNode> original(ClusterObject live) {
        String text = live.annotation(ORIGINAL_TRAFFIC);
        if (text == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(MAPPER.readTree(text));
        } catch (JsonProcessingException malformed) {
            throw Refusal.invalid(
                    "annotation %s of %s is not JSON; repair it or take it away"
                            .formatted(ORIGINAL_TRAFFIC, live.ref()));
        }
    }
}
