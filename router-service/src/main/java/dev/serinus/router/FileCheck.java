package dev.serinus.router;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.route.Router;
import dev.serinus.router.route.Routers;
import dev.serinus.router.route.Routing;
import dev.serinus.router.route.Split;
import dev.serinus.router.service.Services;
import dev.serinus.router.workload.PodShare;
import dev.serinus.router.workload.ReleaseTarget;
import dev.serinus.router.workload.ReleaseTargets;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.manifest.Finding.Level;
import dev.serinus.schemas.mesh.Kubernetes;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the router would refuse of an admitted Canary by the objects that stand in files beside it,
 * by the rules by which it refuses them in a cluster. What meshes ask for, and what else only a
 * cluster shows, is not judged.
 */
public final class FileCheck implements Router.Found {

    private static final String SIZE = "spec.replicas";

    /** So far a share may be off without a word, as when it is told of a release. */
    private static final Weight NEAR = Weight.percent(1);

    private static final String LABELS = "spec.template.metadata.labels";

    /** As KEDA calls the autoscaler that it makes of a ScaledObject. */
    private static final String KEDAS = "keda-hpa-";

    private final Canary canary;
    private final Installation installation;
    private final Map<ClusterObject, Integer> objects = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    /**
     * One mistake.
     *
     * @param object its place among those that were given
     * @param path of its field
     */
    public record Problem(int object, String path, String words, Level level) {}

    private FileCheck(Canary canary, Installation installation, List<? extends JsonNode> objects) {
        this.canary = canary;
        this.installation = installation;
        for (int place = 0; place < objects.size(); place++) {
            var read = read(objects.get(place));
            if (read.isPresent()) {
                this.objects.put(read.get(), place);
            }
        }
    }

    /**
     * Every one of them.
     *
     * @param objects of the Canary's namespace, whether they say so or not, each once
     * @param weights of its steps, above 0, rising; empty where it has none
     */
    public static List<Problem> of(
            Canary canary,
            Installation installation,
            List<? extends JsonNode> objects,
            List<Weight> weights) {
        var check = new FileCheck(canary, installation, objects);
        ReleaseTarget kind = ReleaseTargets.of(canary.getSpec().targetRef());
        var target = check.find(kind.named(canary));
        if (target != null && kind.target().hasPods()) {
            check.target(kind, target, weights);
        }
        return List.copyOf(check.problems);
    }

    /**
     * What a target that is not in the files has to have; empty where there is nothing to say.
     *
     * @param weights as for {@link #of}
     */
    public static Optional<String> asked(Canary canary, List<Weight> weights) {
        return canary.getSpec().analysis().splitsByReplicas() && !weights.isEmpty()
                ? Optional.of(
                        "with the label %s: %s on its pods (%s), and at least %d of them for %s percent"
                                .formatted(
                                        Kubernetes.SHARED_LABEL,
                                        canary.getMetadata().getName(),
                                        LABELS,
                                        PodShare.fewestBeside(weights.getFirst()),
                                        weights.getFirst()))
                : Optional.empty();
    }

    /**
     * The share that a canary's pods make beside a primary of the target's size, in whole percent;
     * empty where the target says no size.
     *
     * @param weight that is asked for, above 0
     */
    public static Optional<Weight> share(Weight weight, JsonNode target) {
        JsonNode size = target.at("/spec/replicas");
        return size.isInt() && size.asInt() > 0
                ? Optional.of(Weight.percent(share(weight, size.asInt()).wholePercent()))
                : Optional.empty();
    }

    private void target(ReleaseTarget kind, ClusterObject object, List<Weight> weights) {
        kind.neverRolls(object).ifPresent(it -> add(object, "spec.updateStrategy.type", it));
        var service = canary.getSpec().service();
        if (service != null) {
            Services.clash(service, object.at("/spec/template"))
                    .ifPresent(it -> add(object, "spec.template.spec.containers", it));
        }
        Target target;
        try {
            target = Target.of(object, kind, null, installation.selectorLabels());
        } catch (Refusal untold) {
            add(object, "spec.selector.matchLabels", untold.because());
            return;
        }
        var atRest = Routing.of(canary, Split.PRIMARY, 0, target, null);
        new Routers(installation)
                .find(canary).stream()
                        .flatMap(route -> route.unfit(atRest, object, this).stream())
                        .forEach(it -> add(it.object(), it.path(), it.words()));
        if (canary.getSpec().analysis().splitsByReplicas()) {
            sized(object, weights);
        }
    }

    /** Where a manifest says no size, somebody else may: an autoscaler does not, here. */
    private void sized(ClusterObject target, List<Weight> weights) {
        JsonNode size = target.at("/spec/replicas");
        if (weights.isEmpty() || !(size.isMissingNode() || size.isInt()) || size.asInt(1) < 1) {
            return;
        }
        int pods = size.asInt(1);
        var beyond =
                weights.stream()
                        .flatMap(it -> PodShare.beyond(it, pods, primary()).stream())
                        .findFirst();
        if (beyond.isPresent() && size.isInt()) {
            add(target, SIZE, beyond.get());
        } else if (beyond.isPresent()) {
            problems.add(
                    new Problem(
                            given(target),
                            SIZE,
                            "is not set, and a new Deployment has 1 then, unless somebody scales"
                                    + " it: "
                                    + beyond.get(),
                            Level.NOTE));
        } else if (weights.stream().anyMatch(it -> !isNear(it, pods))) {
            problems.add(
                    new Problem(
                            given(target),
                            SIZE,
                            "is %d, of which the weights %s are %s percent: a share is in steps of a pod, and finer with more of them"
                                    .formatted(
                                            pods,
                                            joined(weights.stream()),
                                            joined(
                                                    weights.stream()
                                                            .map(
                                                                    it ->
                                                                            share(it, pods)
                                                                                    .wholePercent()))),
                            Level.NOTE));
        }
    }

    private static Weight share(Weight weight, int pods) {
        return Weight.ALL.isAbove(weight)
                ? Weight.ofParts(PodShare.beside(weight, pods), pods)
                : weight;
    }

    private static boolean isNear(Weight weight, int pods) {
        return Math.abs(share(weight, pods).basisPoints() - weight.basisPoints())
                <= NEAR.basisPoints();
    }

    private static String joined(Stream<?> all) {
        return all.map(String::valueOf).collect(Collectors.joining(", "));
    }

    private String primary() {
        return canary.getSpec().targetRef().name() + "-primary";
    }

    private void add(ClusterObject object, String path, String words) {
        problems.add(new Problem(given(object), path, "is refused: " + words, Level.ERROR));
    }

    private int given(ClusterObject object) {
        Integer place = objects.get(object);
        if (place == null) {
            throw new IllegalStateException("only what was given is judged, not " + object);
        }
        return place;
    }

    private Optional<ClusterObject> read(JsonNode object) {
        String name = object.at("/metadata/name").asText();
        if (!(object instanceof ObjectNode tree) || name.isEmpty()) {
            return Optional.empty();
        }
        String version = tree.path("apiVersion").asText();
        String group = version.contains("/") ? version.substring(0, version.indexOf('/')) : "";
        String kind = tree.path("kind").asText();
        if (Kind.SCALED_OBJECT.name().equals(kind)
                && Kind.SCALED_OBJECT.group().equals(group)
                && tree.at("/spec/scaleTargetRef").isObject()) {
            return Optional.of(
                    new ClusterObject(named(Kind.AUTOSCALER, KEDAS + name), scaling(tree)));
        }
        return List.of(Kind.DEPLOYMENT, Kind.DAEMON_SET, Kind.AUTOSCALER).stream()
                .filter(it -> it.name().equals(kind) && it.group().equals(group))
                .findFirst()
                .map(it -> new ClusterObject(named(it, name), tree));
    }

    /** One whose scaleTargetRef says no kind sizes a Deployment. */
    private static ObjectNode scaling(ObjectNode scaledObject) {
        var scaler = scaledObject.deepCopy();
        var sized = scaler.withObjectProperty("spec").withObjectProperty("scaleTargetRef");
        if (!sized.has("kind")) {
            sized.put("kind", Kind.DEPLOYMENT.name());
        }
        return scaler;
    }

    private Ref named(Kind kind, String name) {
        return kind.named(canary.getMetadata().getNamespace(), name);
    }

    @Override
    public @Nullable ClusterObject find(Ref ref) {
        return objects.keySet().stream()
                .filter(it -> it.ref().equals(ref))
                .findFirst()
                .orElse(null);
    }

    @Override
    public List<ClusterObject> all(Kind kind, String namespace) {
        return objects.keySet().stream().filter(it -> it.ref().kind().equals(kind)).toList();
    }
}
