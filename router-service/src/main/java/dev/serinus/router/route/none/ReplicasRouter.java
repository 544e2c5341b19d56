package dev.serinus.router.route.none;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Edit;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.objects.ScaleTargetRef;
import dev.serinus.router.route.ApexSplit;
import dev.serinus.router.route.RouteObject;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.router.workload.ReleaseTargets;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.mesh.Kubernetes;
import dev.serinus.schemas.mesh.Mesh;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * There is nothing but the Services, and the selector of the apex is the switch: the primary's
 * pods, those of both sides by a label that they have in common, or the canary's. The share is that
 * of the canary's pods, of which there are as many as it needs before this is written. All else of
 * the apex is as on every mesh, and done by who makes the Services.
 */
public final class ReplicasRouter implements Router {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;
    private static final String SELECTOR = "/spec/selector";
    private static final String FIELD = "spec.template.metadata.labels";

    @Override
    public Mesh mesh() {
        return Kubernetes.BY_REPLICAS;
    }

    @Override
    public boolean serves(Canary canary, Mesh asked) {
        return asked.equals(Kubernetes.MESH) && canary.getSpec().analysis().splitsByReplicas();
    }

    @Override
    public boolean sharesByPods() {
        return true;
    }

    @Override
    public List<Ref> routes(Canary canary) {
        return List.of(apex(canary));
    }

    /** The apex is made, and given back, on every mesh alike. */
    @Override
    public List<Ref> writes(Canary canary) {
        return List.of();
    }

    @Override
    public List<Ref> consults(Canary canary) {
        return List.of(apex(canary));
    }

    private static Ref apex(Canary canary) {
        return Kind.SERVICE.named(canary.getMetadata().getNamespace(), canary.apex());
    }

    @Override
    public void check(Routing atRest, Found live) {
        refuse(unlabelled(atRest));
        refuse(scaled(atRest, live));
    }

    /** Before any pod is started: what no step could be taken with is not begun. */
    @Override
    public void checkRelease(Routing atRest, Found live) {
        refuse(unlabelled(atRest));
        refuse(scaled(atRest, live));
        refuse(labelledToo(atRest, live));
        if (!Boolean.TRUE.equals(atRest.canary().getSpec().skipAnalysis())) {
            refuseUnshared(atRest);
        }
    }

    private static void refuse(Optional<String> because) {
        if (because.isPresent()) {
            throw Refusal.invalid(because.get());
        }
    }

    @Override
    public List<Unfit> unfit(Routing atRest, ClusterObject target, Found given) {
        List<Unfit> unfit = new ArrayList<>();
        unlabelled(atRest).ifPresent(it -> unfit.add(new Unfit(target, FIELD, it)));
        scaler(atRest, given)
                .ifPresent(it -> unfit.add(new Unfit(it, "spec.scaleTargetRef", scaled(it))));
        for (ClusterObject other : labelled(atRest, given)) {
            unfit.add(new Unfit(other, FIELD, labelledToo(atRest, List.of(other))));
        }
        return unfit;
    }

    /** Why pods of the target cannot be selected beside the primary's; empty where they can. */
    private static Optional<String> unlabelled(Routing routing) {
        if (carries(routing.pods().labels(), routing.canary())) {
            return Optional.empty();
        }
        var target = routing.canary().getSpec().targetRef();
        return Optional.of(
                "the pods of %s %s have no label %s: %s (%s), by which one Service selects those of both sides with spec.analysis.replicas: weighted; add it, or leave that out"
                        .formatted(
                                target.kind().toLowerCase(Locale.ROOT),
                                target.name(),
                                Kubernetes.SHARED_LABEL,
                                routing.canary().getMetadata().getName(),
                                FIELD));
    }

    /** The primary gets it with the first release that has it. */
    private static void refuseUnshared(Routing routing) {
        if (!carries(routing.pods().common(), routing.canary())) {
            throw Refusal.invalid(
                    "the pods of %s-primary have no label %s: %s yet (%s), so that one Service cannot select those of both sides; release it to them once without spec.analysis.replicas, as Blue/Green"
                            .formatted(
                                    routing.canary().getSpec().targetRef().name(),
                                    Kubernetes.SHARED_LABEL,
                                    routing.canary().getMetadata().getName(),
                                    FIELD));
        }
    }

    /** The rules let Deployments alone be split so. */
    private static boolean isOfEither(ScaleTargetRef sized, String target) {
        return sized.isOf(Kind.DEPLOYMENT, target)
                || sized.isOf(Kind.DEPLOYMENT, target + "-primary");
    }

    /** Workloads of others whose pods have the label: whatever has it gets requests. */
    private static List<ClusterObject> labelled(Routing routing, Found live) {
        var canary = routing.canary();
        String namespace = canary.getMetadata().getNamespace();
        String target = canary.getSpec().targetRef().name();
        var sides = Set.of(target, target + "-primary");
        return Stream.of(Kind.DEPLOYMENT, Kind.DAEMON_SET)
                .flatMap(kind -> live.all(kind, namespace).stream())
                .filter(it -> carries(it.at("/spec/template/metadata/labels"), canary))
                .filter(it -> it.at("/spec/replicas").asInt(1) > 0)
                .filter(it -> !sides.contains(it.ref().name()))
                .toList();
    }

    private static Optional<String> labelledToo(Routing routing, Found live) {
        var others = labelled(routing, live);
        return others.isEmpty() ? Optional.empty() : Optional.of(labelledToo(routing, others));
    }

    /**
     * What is to be said of them.
     *
     * @param others at least one
     */
    private static String labelledToo(Routing routing, List<ClusterObject> others) {
        return "pods of %s have the label %s: %s as well (%s), and would get requests of %s: take it from them, or scale them to 0"
                .formatted(
                        others.stream()
                                .map(it -> it.ref().kind().name() + " " + it.ref().dotted())
                                .collect(Collectors.joining(", ")),
                        Kubernetes.SHARED_LABEL,
                        routing.canary().getMetadata().getName(),
                        FIELD,
                        routing.canary().apex());
    }

    private static boolean carries(JsonNode labels, Canary canary) {
        return labels.path(Kubernetes.SHARED_LABEL).asText().equals(canary.getMetadata().getName());
    }

    private static Optional<String> scaled(Routing routing, Found live) {
        return scaler(routing, live).map(ReplicasRouter::scaled);
    }

    /**
     * An autoscaler of target or primary: who changes how many pods there are changes the share.
     */
    private static Optional<ClusterObject> scaler(Routing routing, Found live) {
        String target = routing.canary().getSpec().targetRef().name();
        return live.all(Kind.AUTOSCALER, routing.canary().getMetadata().getNamespace()).stream()
                .filter(it -> isOfEither(ScaleTargetRef.of(it), target))
                .findFirst();
    }

    /** What is to be said of one. */
    private static String scaled(ClusterObject scaler) {
        return "%s %s sizes %s (spec.scaleTargetRef), and with the number of pods it would change the share that they get: delete it, or leave out spec.analysis.replicas"
                .formatted(
                        scaler.ref().kind().name(),
                        scaler.ref().dotted(),
                        ScaleTargetRef.of(scaler).name());
    }

    @Override
    public List<RouteObject> wanted(Routing routing, Live live) {
        var apex = apex(routing.canary());
        if (live.find(apex) == null) {
            if (routing.split().reachesCanary()) {
                throw Refusal.retry("service %s is yet to be made".formatted(apex.dotted()));
            }
            return List.of();
        }
        if (isShared(routing.split())) {
            refuseUnshared(routing);
        }
        return List.of(
                new RouteObject(
                        apex,
                        null,
                        (edit, found) -> {
                            if (found != null) {
                                lead(routing, found, edit);
                            }
                        },
                        (edit, found) -> lead(routing, found, edit),
                        found -> ApexSplit.shown(found).isPresent()));
    }

    private static boolean isShared(Split split) {
        return split.reachesCanary() && Weight.ALL.isAbove(split.canaryWeight());
    }

    private static void lead(Routing routing, ClusterObject found, Edit edit) {
        var noted = ApexSplit.of(found);
        if (routing.split().reachesCanary()) {
            var primary = noted.map(ApexSplit::primary).orElseGet(() -> primary(routing, found));
            edit.spec(
                    "selector",
                    isShared(routing.split())
                            ? JSON.objectNode()
                                    .put(
                                            Kubernetes.SHARED_LABEL,
                                            routing.canary().getMetadata().getName())
                            : routing.pods().canary());
            new ApexSplit(routing.split().canaryWeight(), primary).on(edit);
        } else if (noted.isPresent()) {
            new ApexSplit(noted.get().canaryWeight(), returning(routing, noted.get())).backOn(edit);
        } else {
            edit.spec("selector", primary(routing, found));
        }
    }

    /** As it is, where it leads there: what it asks for is on all pods that serve. */
    private static ObjectNode primary(Routing routing, ClusterObject found) {
        return ApexSplit.shown(found).filter(Split.PRIMARY::equals).isPresent()
                        && found.at(SELECTOR) instanceof ObjectNode selector
                ? selector.deepCopy()
                : routing.pods().primary();
    }

    /**
     * What it led by before, but for labels that were promoted away since: pods of before may serve
     * beside those of now, so that nothing is asked for that only one of both have.
     */
    private static ObjectNode returning(Routing routing, ApexSplit noted) {
        var now = routing.pods().primary();
        var both = noted.primary().deepCopy();
        both.properties().removeIf(it -> !it.getValue().equals(now.path(it.getKey())));
        return both.has(routing.selectorLabel()) ? both : now;
    }

    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route) {
        return edit -> ApexSplit.of(route).ifPresent(noted -> noted.backOn(edit));
    }

    /** Without its note, by what the primary itself selects its pods by. */
    @Override
    public Consumer<Edit> withoutCanary(Canary canary, ClusterObject route, Live live) {
        return ApexSplit.of(route).isPresent()
                ? withoutCanary(canary, route)
                : edit ->
                        ReleaseTargets.of(canary.getSpec().targetRef())
                                .primary(canary, live::find)
                                .map(live::find)
                                .map(it -> it.at("/spec/selector/matchLabels"))
                                .filter(it -> !it.isEmpty())
                                .ifPresent(selector -> edit.spec("selector", selector.deepCopy()));
    }

    @Override
    public Optional<Split> shown(ClusterObject object) {
        return object.ref().kind().equals(Kind.SERVICE)
                ? ApexSplit.shown(object)
                : Optional.empty();
    }

    /** It is given back with all else of it. */
    @Override
    public Optional<ClusterObject> restored(Canary canary, ClusterObject live) {
        return Optional.empty();
    }
}
