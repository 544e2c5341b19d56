package dev.serinus.router.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.Cluster;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.ManagedBy;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.ApexSplit;
import dev.serinus.router.route.RouteMetadata;
import dev.serinus.router.workload.Baseline;
import dev.serinus.router.workload.Labels;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.canary.CanaryService.CustomMetadata;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.targets.ReleasedService;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The Services of a canary: the apex that clients use, and one for each side. Shapes and rules of
 * adoption are Flagger's (pkg/router/kubernetes_default.go).
 */
public final class Services {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String DISTRIBUTION = UnkeptDistributions.FIELD;

    private final Cluster cluster;
    private final UnkeptDistributions unkept;

    /** Which ports a Service that is there keeps beside those that its pods have. */
    private enum Beside {
        /** Those of a Service that somebody else made. */
        NONE,
        /**
         * Those of pods of an older template as well, which are there still. What the manifest asks
         * for no more is not kept: its main port has a name, which another has now.
         */
        PODS,
        /** All, whoever asked for them. */
        ALL
    }

    public Services(Cluster cluster, InstantSource clock) {
        this.cluster = cluster;
        this.unkept = new UnkeptDistributions(clock);
    }

    public static Ref apex(Canary canary) {
        return Kind.SERVICE.named(canary.getMetadata().getNamespace(), canary.apex());
    }

    /** Names the Services, that of the primary second and the apex last. */
    public static List<Ref> objects(Canary canary) {
        List<Ref> objects =
                new ArrayList<>(List.of(side(canary, "canary"), side(canary, "primary")));
        if (canary.hasBaseline()) {
            objects.add(side(canary, "baseline"));
        }
        objects.add(apex(canary));
        return objects;
    }

    /**
     * Why the Services could not have the ports that pods of a template have; empty where they can.
     */
    public static Optional<String> clash(CanaryService service, JsonNode template) {
        try {
            var _ = Ports.of(service, template);
            return Optional.empty();
        } catch (Refusal clash) {
            return Optional.of(clash.because());
        }
    }

    /** Names the Service of the primary. */
    public static Ref primary(Canary canary) {
        return side(canary, "primary");
    }

    /** Names the Service of the canary. */
    public static Ref candidate(Canary canary) {
        return side(canary, "canary");
    }

    /** Names the Service of the baseline, whether the Canary asks for one or not. */
    public static Ref baseline(Canary canary) {
        return side(canary, "baseline");
    }

    private static Ref side(Canary canary, String name) {
        return Kind.SERVICE.named(canary.getMetadata().getNamespace(), canary.apex() + "-" + name);
    }

    /**
     * What is to change so that each side has its Service.
     *
     * @param primary null when it is yet to be made
     * @param refused is told why the baseline can have none, which stops no other side's
     */
    public List<Change> sides(
            Canary canary,
            Target target,
            @Nullable ClusterObject primary,
            Consumer<Refusal> refused) {
        List<Change> changes = new ArrayList<>();
        boolean runs = !target.kind().isScaledDown(target.object());
        changes.add(
                candidate(canary, target, runs ? beside(target, target.object()) : Beside.NONE));
        changes.add(primary(canary, target, primary, beside(target, primary)));
        if (canary.hasBaseline()) {
            try {
                refuseUsersBaseline(canary);
                changes.add(
                        change(
                                canary,
                                target,
                                baseline(canary),
                                _ -> Baseline.selector(target, primary),
                                template(target, primary),
                                Beside.NONE,
                                required(canary).primary()));
            } catch (Refusal users) {
                refused.accept(users);
            }
        }
        return changes;
    }

    /** Nobody had a baseline before: what has its name is something else. */
    public void refuseUsersBaseline(Canary canary) {
        var ref = baseline(canary);
        Baseline.refuseUsers(canary, ref, cluster.find(ref), "spec.service.name");
    }

    /**
     * What is to change so that the canary's Service leads to the target's pods as they are now.
     * Ports that they had before stay: something may lead there still.
     */
    public Change candidate(Canary canary, Target target) {
        return candidate(canary, target, Beside.ALL);
    }

    /**
     * What is to change so that clients reach what is promoted by every port that its pods have. A
     * port that it has no more stays until the pods that have it are gone, and so long no label is
     * asked for that only the new pods have.
     *
     * @param promoted the primary as it is to be
     */
    public List<Change> promoted(Canary canary, Target target, ClusterObject promoted) {
        return List.of(
                primary(canary, target, promoted, Beside.ALL),
                apex(canary, target, promoted, Beside.ALL));
    }

    /** What is to change so that the apex selects the primary's pods. */
    public Change apex(Canary canary, Target target, @Nullable ClusterObject primary) {
        return apex(canary, target, primary, beside(target, primary));
    }

    private Change candidate(Canary canary, Target target, Beside beside) {
        return change(
                canary,
                target,
                side(canary, "canary"),
                _ -> target.selector(),
                target.template(),
                beside,
                required(canary).canary());
    }

    private Change primary(
            Canary canary, Target target, @Nullable ClusterObject primary, Beside beside) {
        return change(
                canary,
                target,
                side(canary, "primary"),
                live -> primarySelector(target, primary, beside, live),
                template(target, primary),
                beside,
                required(canary).primary());
    }

    private Change apex(
            Canary canary, Target target, @Nullable ClusterObject primary, Beside beside) {
        Predicate<ClusterObject> leads = live -> keepsItsLead(canary, target, primary, live);
        return change(
                canary,
                target,
                apex(canary),
                live ->
                        live != null
                                        && leads.test(live)
                                        && live.at("/spec/selector") instanceof ObjectNode selector
                                ? selector.deepCopy()
                                : primarySelector(target, primary, beside, live),
                template(target, primary),
                beside,
                required(canary).apex(),
                leads);
    }

    /** While it rolls it has pods of several templates. */
    private static Beside beside(Target target, @Nullable ClusterObject workload) {
        return workload != null && target.kind().isRolling(workload) ? Beside.PODS : Beside.NONE;
    }

    /**
     * What is to change so that apex Services of names that the Canary had before lead to the
     * primary, where its pods had a share by them: nobody looks after these any more.
     */
    public List<Change> ledBack(Canary canary) {
        if (!canary.getSpec().analysis().splitsByReplicas() && !cluster.isWatched(Kind.SERVICE)) {
            return List.of(); // of a Canary that never did so nobody is asked for them
        }
        var asked = objects(canary);
        return cluster.madeFor(canary, Kind.SERVICE).stream()
                .filter(ref -> asked.stream().noneMatch(ref::isSameObject))
                .map(cluster::find)
                .filter(Objects::nonNull)
                .flatMap(
                        live ->
                                ApexSplit.of(live)
                                        .map(noted -> new Change(live, live.edited(noted::backOn)))
                                        .stream())
                .toList();
    }

    /**
     * True for an apex Service that leads to the canary by the step's own selector: that is for who
     * steers it to change. Where nobody does any more, it leads there until the primary serves.
     */
    private static boolean keepsItsLead(
            Canary canary, Target target, @Nullable ClusterObject primary, ClusterObject apex) {
        return ApexSplit.of(apex).isPresent()
                && (canary.getSpec().analysis().splitsByReplicas()
                        || isServedByCanaryAlone(target, primary));
    }

    /** True when nobody would be served by the primary, and those at the canary are. */
    public static boolean isServedByCanaryAlone(Target target, @Nullable ClusterObject primary) {
        return target.serving() > 0 && (primary == null || target.kind().available(primary) == 0);
    }

    /** Nobody is left without pods: those that serve are of the template before for a while. */
    private static ObjectNode primarySelector(
            Target target,
            @Nullable ClusterObject primary,
            Beside beside,
            @Nullable ClusterObject live) {
        return primary != null && beside != Beside.NONE
                ? target.rollingSelector(
                        primary, live == null ? JSON.missingNode() : live.at("/spec/selector"))
                : target.primarySelector(primary);
    }

    /**
     * True when pods of the target are reached by the same labels and ports as the primary's, so
     * that no Service has to follow the one or the other. All labels count: the Services may ask
     * for one that neither selector names any more.
     */
    public boolean areAlike(Canary canary, Target target, ClusterObject primary) {
        var service = required(canary);
        var before = primary.at("/spec/template");
        String primarys = before.at("/metadata/labels").path(target.label()).asText();
        return primarys.equals(target.primaryValue())
                && Ports.of(service, target.template()).equals(Ports.of(service, before))
                && labels(target, target.template()).equals(labels(target, before));
    }

    private static Map<String, String> labels(Target target, JsonNode template) {
        Map<String, String> labels = new LinkedHashMap<>();
        template.at("/metadata/labels")
                .properties()
                .forEach(it -> labels.put(it.getKey(), it.getValue().asText()));
        labels.remove(target.label());
        return Labels.withoutFlux(labels);
    }

    /**
     * What the primary's pods are made from: it has the target's ports only once it is promoted.
     */
    private static JsonNode template(Target target, @Nullable ClusterObject primary) {
        return primary == null ? target.template() : primary.at("/spec/template");
    }

    /** The apex Service, when it leads to the target's pods; empty when the target may go. */
    public Optional<ClusterObject> apexOn(Canary canary, Target target) {
        return Optional.ofNullable(cluster.find(apex(canary)))
                .filter(live -> leadsTo(live, target));
    }

    /** True when the Service selects pods of the target, by what they are made from now. */
    public static boolean leadsTo(ClusterObject service, Target target) {
        return selects(service, target.template().at("/metadata/labels"));
    }

    /** True when the Service selects pods of the workload, by what they are made from now. */
    public static boolean leadsTo(ClusterObject service, ClusterObject workload) {
        return selects(service, workload.at("/spec/template/metadata/labels"));
    }

    /**
     * True when the Service selects pods neither of the target nor of its primary, as that of
     * another target that the Canary had before, or of somebody's own workload.
     */
    public static boolean leadsElsewhere(ClusterObject service, Target target) {
        JsonNode selector = service.at("/spec/selector");
        String value = selector.path(target.label()).asText();
        return !selector.isEmpty()
                && ApexSplit.of(service).isEmpty()
                && !value.equals(target.primaryValue())
                && !selector.properties().equals(target.selector().properties());
    }

    /** True when the Service selects pods with these labels. */
    private static boolean selects(ClusterObject service, JsonNode labels) {
        JsonNode selector = service.at("/spec/selector");
        return !selector.isEmpty()
                && selector.properties().stream()
                        .allMatch(it -> labels.path(it.getKey()).equals(it.getValue()));
    }

    /** True when the Service selects what it does by us, or by Flagger. */
    private static boolean isInHand(ClusterObject service, Target target) {
        return isOnPrimary(service, target) || ApexSplit.of(service).isPresent();
    }

    /** True when the Service selects the primary's pods, as we or Flagger left it. */
    private static boolean isOnPrimary(ClusterObject service, Target target) {
        JsonNode selector = service.at("/spec/selector");
        return target.selector().properties().stream()
                .anyMatch(
                        it ->
                                selector.path(it.getKey())
                                        .asText()
                                        .equals(it.getValue().asText() + "-primary"));
    }

    /**
     * What is to change so that the apex serves from the target: one that was there before selects
     * what it selected; one that we made has no successor, so it stays as long as the target does.
     * Once it is given back it is the user's, and is left alone.
     *
     * @param target null when the workload is gone
     */
    public Optional<Change> restoredApex(Canary canary, @Nullable Target target) {
        var live = cluster.find(apex(canary));
        if (live == null) {
            return Optional.empty();
        }
        if (live.isOwnedBy(canary)) {
            return Optional.ofNullable(target).map(it -> new Change(live, leftTo(it, live)));
        }
        var original = RouteMetadata.original(live);
        if (live.annotation(RouteMetadata.ORIGINAL) != null) {
            var template = target == null ? JSON.missingNode() : target.template();
            return original.map(
                    found -> new Change(live, givenBack(canary, template, live, found)));
        }
        if (target != null && !isInHand(live, target)) {
            return Optional.empty();
        }
        // Taken over by Flagger: the selector is all that can be told, as Flagger itself does it.
        JsonNode selector =
                original.<JsonNode>map(it -> it.at("/spec/selector").deepCopy())
                        .filter(JsonNode::isObject)
                        .orElseGet(() -> target == null ? JSON.missingNode() : target.selector());
        return selector.isMissingNode()
                ? Optional.empty()
                : Optional.of(
                        new Change(
                                live,
                                live.edited(
                                        edit -> {
                                            edit.spec("selector", selector);
                                            RouteMetadata.withoutNotes(live, edit);
                                        })));
    }

    private static ClusterObject leftTo(Target target, ClusterObject live) {
        return live.edited(
                edit ->
                        edit.spec("selector", target.selector())
                                .withoutAnnotations(RouteMetadata::isNote)
                                .leftTo(target.object()));
    }

    /**
     * What is to change so that Services of the two sides that were there before lead where they
     * led.
     */
    public List<Change> restoredSides(Canary canary) {
        return objects(canary).stream()
                .filter(ref -> !ref.equals(apex(canary)))
                .map(cluster::find)
                .filter(Objects::nonNull)
                .filter(live -> !live.isOwnedBy(canary))
                .filter(live -> live.annotation(RouteMetadata.ORIGINAL) != null)
                .flatMap(
                        live ->
                                RouteMetadata.original(live)
                                        .map(
                                                found ->
                                                        new Change(
                                                                live,
                                                                givenBack(
                                                                        canary,
                                                                        JSON.missingNode(),
                                                                        live,
                                                                        found)))
                                        .stream())
                .toList();
    }

    /** Services of the two sides that somebody else made, and that lead to others' pods. */
    public List<String> takenOver(Canary canary, Target target) {
        return objects(canary).stream()
                .filter(ref -> !ref.equals(apex(canary)) && !ref.equals(baseline(canary)))
                .map(cluster::find)
                .filter(Objects::nonNull)
                .filter(live -> !live.isOwnedBy(canary) && !live.at("/spec/selector").isEmpty())
                .filter(live -> !leadsTo(live, target) && !isOnPrimary(live, target))
                .map(
                        live ->
                                "service %s was there before and led to other pods (spec.selector %s): until the Canary goes it leads to those of the %s; whoever uses it by this name is to use another"
                                        .formatted(
                                                live.ref().dotted(),
                                                live.at("/spec/selector"),
                                                live.ref().equals(side(canary, "primary"))
                                                        ? "primary"
                                                        : "canary"))
                .toList();
    }

    /** Selector and ports are all that is ours; the rest is as somebody has it by now. */
    private static ClusterObject givenBack(
            Canary canary, JsonNode template, ClusterObject live, ClusterObject found) {
        var ports =
                Ports.givenBack(
                        found.at("/spec/ports"), canary.getSpec().service(), template, live);
        return live.edited(
                edit -> {
                    edit.spec("selector", found.at("/spec/selector")).spec("ports", ports);
                    RouteMetadata.giveBackNotes(found, edit);
                });
    }

    /**
     * Notes anew what one in hand is like without us, where its user has led it to other pods than
     * some primary's.
     */
    private static void renewOriginal(ClusterObject live, ArrayNode ports, Edit edit) {
        boolean isOnSomePrimary =
                live.at("/spec/selector")
                        .valueStream()
                        .anyMatch(it -> it.asText().endsWith("-primary"));
        if (live.annotation(RouteMetadata.ORIGINAL) == null || isOnSomePrimary) {
            return;
        }
        RouteMetadata.original(live)
                .ifPresent(
                        found -> {
                            var theirs =
                                    Ports.merged(
                                            found.at("/spec/ports"), ports, live.at("/spec/ports"));
                            RouteMetadata.renewOriginal(
                                    live.edited(
                                            users -> {
                                                users.spec("ports", theirs);
                                                RouteMetadata.giveBackNotes(found, users);
                                            }),
                                    edit);
                        });
    }

    private Change change(
            Canary canary,
            Target target,
            Ref ref,
            Function<@Nullable ClusterObject, ObjectNode> selecting,
            JsonNode template,
            Beside beside,
            @Nullable CustomMetadata metadata) {
        return change(canary, target, ref, selecting, template, beside, metadata, _ -> false);
    }

    /**
     * @param steered true for one that keeps the note of where it leads
     */
    private Change change(
            Canary canary,
            Target target,
            Ref ref,
            Function<@Nullable ClusterObject, ObjectNode> selecting,
            JsonNode template,
            Beside beside,
            @Nullable CustomMetadata metadata,
            Predicate<ClusterObject> steered) {
        var service = required(canary);
        var live = cluster.find(ref);
        boolean owned = live == null || live.isOwnedBy(canary);
        var selector = selecting.apply(live);
        var ports = Ports.of(service, template);
        Map<String, String> labels = new LinkedHashMap<>();
        Map<String, String> annotations = new LinkedHashMap<>();
        if (metadata != null && metadata.labels() != null) {
            labels.putAll(metadata.labels());
        }
        labels.put(target.label(), ref.name());
        if (metadata != null && metadata.annotations() != null) {
            annotations.putAll(metadata.annotations());
        }
        // Last, or Flux would undo selectors.
        annotations.putAll(RouteMetadata.FLUX);
        if (live == null) {
            return new Change(
                    null,
                    ClusterObject.blank(ref)
                            .edited(
                                    edit -> {
                                        edit.ownedBy(canary).label(labels).annotate(annotations);
                                        edit.spec("type", JSON.textNode("ClusterIP"));
                                        edit.spec("selector", selector).spec("ports", ports);
                                        onCreation(service, edit);
                                    }));
        }
        ArrayNode wanted = Ports.keepingNodePorts(ports, live);
        var theirs =
                beside == Beside.ALL
                        ? live.at("/spec/ports")
                        : owned ? JSON.arrayNode() : theirs(live);
        if (beside != Beside.NONE || !owned) {
            wanted = Ports.keepingOthers(wanted, live, theirs);
        }
        var all = wanted;
        boolean differs =
                !Ports.same(wanted, live.at("/spec/ports"))
                        || !live.at("/spec/selector").equals(selector);
        var change =
                new Change(
                        live,
                        live.edited(
                                edit -> {
                                    if (!steered.test(live)) {
                                        edit.withoutAnnotations(ApexSplit::isNote);
                                    }
                                    if (differs) {
                                        if (!owned && !isInHand(live, target)) {
                                            if (!ref.equals(side(canary, "canary"))) {
                                                renewOriginal(live, ports, edit);
                                            }
                                            RouteMetadata.keepOriginal(live, edit);
                                        }
                                        edit.spec("selector", selector).spec("ports", all);
                                        edit.annotate(RouteMetadata.FLUX);
                                    }
                                    if (owned) {
                                        if (!asksForDistribution(service) || !unkept.isLeft(ref)) {
                                            edit.spec(DISTRIBUTION, distribution(service));
                                        }
                                        enforce(service, labels, annotations, edit);
                                    }
                                }));
        return owned
                        && !labels.containsKey(ManagedBy.LABEL)
                        && !unmanagedLabels(service).contains(ManagedBy.LABEL)
                ? ManagedBy.relabelled(change)
                : change;
    }

    /** The ports that a Service had when it was taken over; all where that is not known. */
    private static JsonNode theirs(ClusterObject live) {
        return RouteMetadata.original(live)
                .filter(it -> it.at("/spec/ports").isArray())
                .orElse(live)
                .at("/spec/ports");
    }

    /** What no API server lets change later. */
    private static void onCreation(CanaryService service, Edit edit) {
        if (Boolean.TRUE.equals(service.headless())) {
            edit.spec("clusterIP", JSON.textNode("None"));
        }
        edit.spec(DISTRIBUTION, distribution(service));
    }

    private static @Nullable JsonNode distribution(CanaryService service) {
        return asksForDistribution(service) ? JSON.textNode(service.trafficDistribution()) : null;
    }

    private static boolean asksForDistribution(CanaryService service) {
        String wanted = service.trafficDistribution();
        return wanted != null && !wanted.isEmpty();
    }

    /**
     * Learns from a write what is not kept of a Service: it is not asked for again for a while, or
     * each plan would find it missing and write it again.
     */
    public void wrote(ClusterObject desired, ClusterObject answer) {
        if (desired.ref().kind().equals(Kind.SERVICE)) {
            unkept.wrote(desired, answer);
        }
    }

    /** Why Services that we made are not as the Canary asks now; empty when they are. */
    public Optional<String> unchangeable(Canary canary) {
        return Stream.of(unkept(canary), headless(canary))
                .flatMap(Optional::stream)
                .reduce((one, other) -> one + "; " + other);
    }

    private Optional<String> unkept(Canary canary) {
        var service = canary.getSpec().service();
        if (service == null || !asksForDistribution(service)) {
            return Optional.empty();
        }
        var without = objects(canary).stream().filter(unkept::isUnkept).map(Ref::dotted).toList();
        return without.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "spec.service.trafficDistribution is %s, and was not kept of services %s, where it has no effect: the API server does not know it (Kubernetes has it since 1.30), or a policy takes it away"
                                .formatted(
                                        service.trafficDistribution(), String.join(", ", without)));
    }

    private Optional<String> headless(Canary canary) {
        var service = canary.getSpec().service();
        boolean wanted = service != null && Boolean.TRUE.equals(service.headless());
        List<String> otherwise =
                objects(canary).stream()
                        .map(cluster::find)
                        .filter(Objects::nonNull)
                        .filter(live -> live.isOwnedBy(canary))
                        .filter(live -> ReleasedService.isHeadless(live.at("/spec")) != wanted)
                        .map(live -> live.ref().dotted())
                        .toList();
        return otherwise.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "spec.service.headless is %s and services %s are %s, which no API server lets change (spec.clusterIP): set the field back, or delete each of them when nobody uses it, and it is made again"
                                .formatted(
                                        wanted,
                                        String.join(", ", otherwise),
                                        wanted ? "not headless" : "headless"));
    }

    private static List<String> unmanagedLabels(CanaryService service) {
        var unmanaged = service.unmanagedMetadata();
        return unmanaged == null || unmanaged.labels() == null ? List.of() : unmanaged.labels();
    }

    /** Exactly the wanted labels and annotations, but for keys that the manifest leaves alone. */
    private static void enforce(
            CanaryService service,
            Map<String, String> labels,
            Map<String, String> annotations,
            Edit edit) {
        var unmanaged = service.unmanagedMetadata();
        List<String> otherLabels = unmanagedLabels(service);
        List<String> otherAnnotations =
                unmanaged == null || unmanaged.annotations() == null
                        ? List.of()
                        : unmanaged.annotations();
        edit.withoutLabels(
                key ->
                        !labels.containsKey(key)
                                && !otherLabels.contains(key)
                                && !key.equals(ManagedBy.LABEL));
        edit.withoutAnnotations(
                key ->
                        !annotations.containsKey(key)
                                && !otherAnnotations.contains(key)
                                && !key.equals(Mark.ANNOTATION)
                                && !ApexSplit.isNote(key));
        labels.forEach(
                (key, value) -> {
                    if (!otherLabels.contains(key) || !edit.hasLabel(key)) {
                        edit.label(Map.of(key, value));
                    }
                });
        annotations.forEach(
                (key, value) -> {
                    if (!otherAnnotations.contains(key) || !edit.hasAnnotation(key)) {
                        edit.annotate(key, value);
                    }
                });
    }

    private static CanaryService required(Canary canary) {
        var service = canary.getSpec().service();
        if (service == null) {
            throw Refusal.invalid("spec.service is required: it names the port to serve");
        }
        return service;
    }
}
