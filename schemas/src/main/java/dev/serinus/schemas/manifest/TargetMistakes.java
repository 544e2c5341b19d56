package dev.serinus.schemas.manifest;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.canary.AutoscalerRef;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryService;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.ObjectRef;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.RolloutSpec;
import dev.serinus.schemas.manifest.Finding.Level;
import dev.serinus.schemas.targets.TargetKind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What is wrong with the objects that a Canary releases, as far as they stand in the same texts:
 * what the router would refuse of them is its own to say, and what works otherwise than one may
 * think is said here.
 */
final class TargetMistakes {

    /** One mistake of an object that is not ours. */
    record Mistake(Manifest manifest, Level level, String rule, String path, String words) {}

    private static final String TARGET = "target";
    private static final String REFERENCE = "reference";
    private static final String CONTAINERS = "spec.template.spec.containers";

    private final Manifest manifest;
    private final Canary canary;
    private final String namespace;
    private final Beside beside;
    private final ServiceRules services;
    private final List<Mistake> found = new ArrayList<>();
    private final Set<Manifest> lookedAt;

    /**
     * @param lookedAt is told which were looked at
     */
    TargetMistakes(
            Manifest manifest,
            Canary canary,
            Beside beside,
            ServiceRules services,
            Set<Manifest> lookedAt) {
        this.manifest = manifest;
        this.canary = canary;
        this.namespace = Objects.requireNonNullElse(canary.getMetadata().getNamespace(), "");
        this.beside = beside;
        this.services = services;
        this.lookedAt = lookedAt;
    }

    /** All that is to be said of an admitted Canary. */
    List<Mistake> of(RolloutSpec spec, Installation installation) {
        if (manifest.name().isEmpty()) {
            return List.of(); // which is told already
        }
        List<Manifest> targets = targets();
        if (targets.isEmpty()) {
            missing(canary.getSpec().targetRef(), weights(spec));
        } else if (targets.size() == 1 && isWhole(targets.getFirst())) {
            if (beside.isChanged()) {
                note(
                        "spec.targetRef",
                        "%s is not judged with it, as a kustomization here changes what is applied: lint what it makes"
                                .formatted(targets.getFirst().label()));
            } else {
                target(targets.getFirst(), spec, installation);
            }
        }
        scaler(canary.getSpec().autoscalerRef());
        return found;
    }

    /** What it releases, where that stands here once and as it is applied. */
    Optional<Manifest> target() {
        List<Manifest> targets = targets();
        return targets.size() == 1 && isWhole(targets.getFirst()) && !beside.isChanged()
                ? Optional.of(targets.getFirst())
                : Optional.empty();
    }

    private List<Manifest> targets() {
        ObjectRef ref = canary.getSpec().targetRef();
        return beside.named(ref.kind(), namespace, ref.name()).stream()
                .filter(it -> TargetKind.of(version(it), it.kind()).equals(TargetKind.of(ref)))
                .toList();
    }

    private static String version(Manifest each) {
        return each.object().path("apiVersion").asText();
    }

    /** Runs pods itself, is not a patch of one, and nothing that decides is put in later. */
    private static boolean isWhole(Manifest target) {
        return TargetKind.of(version(target), target.kind()).filter(TargetKind::hasPods).isPresent()
                && target.object().at("/spec/template/spec/containers").isArray()
                && !Beside.isPutInLater(target.object());
    }

    /** Many keep Canaries apart from what they release: then nothing is said of it. */
    private void missing(ObjectRef ref, List<Weight> weights) {
        Optional<String> asked = services.askedOfTarget(canary, weights);
        if (asked.isPresent() || beside.hasWorkloads(namespace)) {
            note(
                    "spec.targetRef",
                    "%s %s/%s is not in these files: it has to be in the cluster%s%s"
                            .formatted(
                                    ref.kind(),
                                    namespace,
                                    ref.name(),
                                    asked.map(it -> ", " + it).orElse(""),
                                    beside.nearest(ref.kind(), namespace, ref.name())
                                            .map("; is %s meant?"::formatted)
                                            .orElse("")));
        }
    }

    private void target(Manifest target, RolloutSpec spec, Installation installation) {
        lookedAt.add(target);
        String name = target.name();
        List<Manifest> scalers =
                Stream.of(name, name + "-primary")
                        .flatMap(it -> beside.sizing(namespace, it).stream())
                        .toList();
        List<Manifest> objects = new ArrayList<>(List.of(target));
        if (canary.getSpec().analysis().splitsByReplicas()) {
            objects.addAll(scalers);
            beside.sharing(namespace, manifest.name()).stream()
                    .filter(it -> !it.equals(target))
                    .forEach(objects::add);
        }
        lookedAt.addAll(objects);
        for (var problem :
                services.problems(
                        canary,
                        installation,
                        objects.stream().map(Manifest::object).toList(),
                        weights(spec))) {
            found.add(
                    new Mistake(
                            objects.get(problem.object()),
                            problem.level(),
                            TARGET,
                            problem.path(),
                            problem.words()));
        }
        if (services.alertTypes().isEmpty()) {
            found.add(
                    new Mistake(
                            manifest,
                            Level.NOTE,
                            "elsewhere",
                            "spec.targetRef",
                            "what its labels and sizes have to be is judged by the router, and by"
                                    + " deploy/serinus lint"));
        }
        port(target);
        readiness(target);
        unnamedScaler(scalers, name);
        apex(target);
    }

    private static Stream<JsonNode> containers(Manifest target) {
        return Stream.of("containers", "initContainers")
                .flatMap(it -> target.object().at("/spec/template/spec/" + it).valueStream());
    }

    private void port(Manifest target) {
        CanaryService service = canary.getSpec().service();
        String port =
                service == null || service.targetPort() == null
                        ? null
                        : service.targetPort().getStrVal();
        if (port == null || port.isEmpty() || port.matches("[0-9]+")) {
            return;
        }
        List<String> names =
                containers(target)
                        .flatMap(it -> it.path("ports").valueStream())
                        .map(it -> it.path("name").asText())
                        .filter(it -> !it.isEmpty())
                        .toList();
        if (!names.contains(port)) {
            warn(
                    manifest,
                    "spec.service.targetPort",
                    "is '%s', and no container of %s has a port of that name%s, so that the Services lead nowhere; name it there (%s[].ports), or give its number"
                            .formatted(
                                    Finding.cut(port),
                                    where(target),
                                    names.isEmpty() ? "" : " but " + String.join(", ", names),
                                    CONTAINERS));
        }
    }

    /** A gate of the pod's own says when it is ready as well. */
    private void readiness(Manifest target) {
        boolean told =
                containers(target).anyMatch(it -> it.has("readinessProbe"))
                        || !target.object().at("/spec/template/spec/readinessGates").isEmpty();
        if (!told) {
            warn(
                    target,
                    CONTAINERS,
                    "have no readinessProbe, so that traffic goes to a pod as soon as its process"
                        + " runs, and a release waits for nothing else; give the one that serves a"
                        + " probe");
        }
    }

    /** The primary has the traffic, and would not be sized with the target. */
    private void unnamedScaler(List<Manifest> scalers, String name) {
        boolean primarys = !beside.sizing(namespace, name + "-primary").isEmpty();
        Optional<Manifest> alone = scalers.stream().filter(this::isOfTarget).findFirst();
        if (canary.getSpec().autoscalerRef() == null
                && !canary.getSpec().analysis().splitsByReplicas()
                && alone.isPresent()
                && !primarys) {
            Manifest scaler = alone.get();
            lookedAt.add(scaler);
            warn(
                    manifest,
                    "spec.autoscalerRef",
                    "is not set, and %s sizes the target alone: the primary, which has the traffic, stays at the pods that it has; name it here, and the primary gets a copy of it"
                            .formatted(where(scaler)));
        }
    }

    private void scaler(@Nullable AutoscalerRef ref) {
        if (ref == null || ref.name() == null) {
            return;
        }
        List<Manifest> named = beside.named(ref.kind(), namespace, ref.name());
        if (named.isEmpty() && beside.hasWorkloads(namespace)) {
            note(
                    "spec.autoscalerRef",
                    "%s %s/%s is not in these files: it has to be in the cluster"
                            .formatted(ref.kind(), namespace, ref.name()));
        }
        if (named.size() != 1 || beside.isChanged()) {
            return;
        }
        Manifest scaler = named.getFirst();
        lookedAt.add(scaler);
        JsonNode sized = scaler.object().at("/spec/scaleTargetRef");
        ObjectRef target = canary.getSpec().targetRef();
        String name = sized.path("name").asText();
        boolean isKnown = !name.isEmpty() && !name.contains("${");
        if (isKnown && !(name.equals(target.name()) && isOfTarget(scaler))) {
            warn(
                    scaler,
                    "spec.scaleTargetRef",
                    "is %s %s, and %s has this autoscaler for %s %s (spec.autoscalerRef), whose primary gets a copy of it: one of both is wrong"
                            .formatted(
                                    kind(scaler),
                                    Finding.cut(name),
                                    where(manifest),
                                    target.kind(),
                                    target.name()));
        }
    }

    /** By its kind: others may have its name. */
    private boolean isOfTarget(Manifest scaler) {
        return kind(scaler).equals(canary.getSpec().targetRef().kind());
    }

    /** KEDA takes a Deployment to be meant where none is said. */
    private static String kind(Manifest scaler) {
        return scaler.object().at("/spec/scaleTargetRef/kind").asText("Deployment");
    }

    /** What is found there is taken over, whoever was reached by it. */
    private void apex(Manifest target) {
        List<Manifest> services = beside.named("Service", namespace, canary.apex());
        if (services.size() != 1 || !version(services.getFirst()).equals("v1")) {
            return;
        }
        Manifest apex = services.getFirst();
        lookedAt.add(apex);
        JsonNode selector = apex.object().at("/spec/selector");
        JsonNode labels = target.object().at("/spec/template/metadata/labels");
        boolean leads =
                selector.properties().stream()
                        .allMatch(it -> it.getValue().equals(labels.path(it.getKey())));
        if (!leads && !selector.toString().contains("${")) {
            warn(
                    apex,
                    "spec.selector",
                    "selects no pods of %s, and %s takes the Service over by its name and leads it to them; another name for its own is spec.service.name"
                            .formatted(where(target), where(manifest)));
        }
    }

    /** Of its steps, rising; nothing where only the last one says all. */
    private static List<Weight> weights(RolloutSpec spec) {
        var fine = spec.getFineWeights();
        Stream<Weight> all;
        if (fine != null) {
            all =
                    fine.getStepWeight() > 0
                            ? Stream.of(new Weight(fine.getStepWeight()))
                            : fine.getStepWeights().stream().map(Weight::new);
        } else {
            all =
                    spec.getStepWeight() > 0
                            ? Stream.of(Weight.percent(spec.getStepWeight()))
                            : spec.getStepWeights().stream().map(Weight::percent);
        }
        return spec.getSkipAnalysis() ? List.of() : all.filter(Weight::isAny).sorted().toList();
    }

    private static String where(Manifest each) {
        return "%s (%s:%d)".formatted(each.label(), each.file(), each.line("metadata"));
    }

    private void note(String path, String words) {
        found.add(new Mistake(manifest, Level.NOTE, REFERENCE, path, words));
    }

    private void warn(Manifest about, String path, String words) {
        found.add(new Mistake(about, Level.WARNING, TARGET, path, words));
    }
}
