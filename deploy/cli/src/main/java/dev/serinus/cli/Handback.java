package dev.serinus.cli;

import dev.serinus.schemas.mesh.Meshes;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.KubernetesClient;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What Serinus leaves on Canaries and around them that Flagger would not expect, or that would
 * mislead a later Serinus. Nothing that moves a request or starts a pod is touched: only finalizers
 * and annotations, minimums of autoscalers that were raised for a while, the target as an owner,
 * the records of what was promoted, and what the status says in words that Flagger would not keep
 * true.
 */
final class Handback {

    /** Flagger's hash: a number of 32 bits, its digits spelled in ten letters and digits. */
    private static final Pattern FLAGGERS = Pattern.compile("[4-9bcdf]{1,10}");

    private final Canaries canaries;
    private final OwnMarks marks;
    private final ReleaseComparison released;
    private final MetricTemplates templates;

    Handback(KubernetesClient client) {
        this.canaries = new Canaries(client);
        this.marks = new OwnMarks(client);
        this.released = new ReleaseComparison(client);
        this.templates = new MetricTemplates(client);
    }

    /**
     * One Canary as it was found.
     *
     * @param reverts Flagger wants the finalizer as well
     * @param startsRollout Flagger would take what its target runs for news
     * @param difference between what its target is to run and what its primary runs, if any
     * @param unmeasured why Flagger would not measure one of its metrics as Serinus does, if so
     * @param steered what leads to its canary by the number of pods, if anything
     */
    record Found(
            GenericKubernetesResource canary,
            boolean reverts,
            boolean startsRollout,
            Optional<String> difference,
            Optional<String> unmeasured,
            Optional<String> steered) {

        String namespace() {
            return canary.getMetadata().getNamespace();
        }

        String name() {
            return canary.getMetadata().getName();
        }

        boolean isDeleted() {
            return Canaries.isDeleted(canary);
        }

        /** Flagger would release what Serinus has not, or cannot steer what Serinus does. */
        boolean isRisky() {
            return !isDeleted()
                    && (beyondFlagger().isPresent() || (startsRollout && difference.isPresent()));
        }

        /** What it asks for that Flagger cannot do, and what to do about it. */
        private Optional<String> beyondFlagger() {
            if (steered.isPresent()) {
                return steered.map("%s; let the rollout end first"::formatted);
            }
            if (canary.get("spec", "analysis", "replicas") != null) {
                return Optional.of(
                        "Flagger passes over spec.analysis.replicas, and would give everybody the"
                                + " canary at once, as Blue/Green; leave it out first");
            }
            if (canary.get("spec", "service", "routeRefs") instanceof List<?> routes
                    && !routes.isEmpty()) {
                return Optional.of(
                        "it steers routes of your own (spec.service.routeRefs), which Flagger"
                                + " cannot; name gatewayRefs instead first");
            }
            String provider = canary.get("spec", "provider");
            if (provider != null
                    && Meshes.find(provider).filter(mesh -> !mesh.isFlaggers()).isPresent()) {
                return Optional.of(
                        "Flagger does not know its provider %s and would take it for istio; give it another one first, or delete the Canary"
                                .formatted(provider));
            }
            if (canary.get("spec", "analysis", "metrics") instanceof List<?> metrics) {
                for (int i = 0; i < metrics.size(); i++) {
                    if (metrics.get(i) instanceof Map<?, ?> metric && isBoundByComparing(metric)) {
                        return Optional.of(
                                "spec.analysis.metrics[%d] has no bound but its comparison with the primary, of which Flagger knows nothing: it would take 0 for the bound; give it a thresholdRange first"
                                        .formatted(i));
                    }
                }
            }
            if (unmeasured.isPresent()) {
                return unmeasured;
            }
            return Stream.of("stepWeight", "stepWeights", "maxWeight", "stepWeightPromotion")
                    .filter(field -> isFine(canary.get("spec", "analysis", field)))
                    .findFirst()
                    .map(
                            field ->
                                    "spec.analysis.%s is no whole percent, for which Flagger would read no Canary of this cluster; give whole numbers first"
                                            .formatted(field));
        }

        private static boolean isBoundByComparing(Map<?, ?> metric) {
            return metric.get("compare") != null
                    && metric.get("threshold") == null
                    && metric.get("thresholdRange") == null;
        }

        private static boolean isFine(@Nullable Object written) {
            return switch (written) {
                case List<?> weights -> weights.stream().anyMatch(Found::isFine);
                case Number weight -> weight.doubleValue() != Math.rint(weight.doubleValue());
                case null, default -> false;
            };
        }

        private boolean hasFailed() {
            return "Failed".equals(canary.get("status", "phase"));
        }

        String sentence(boolean check, boolean force) {
            if (isDeleted()) {
                return "is being deleted; let Serinus finish that first";
            }
            if (beyondFlagger().isPresent() && !force) {
                return "%s: %s, or use --force"
                        .formatted(
                                check ? "would be refused" : "is refused", beyondFlagger().get());
            }
            if (isRisky() && !force) {
                return "%s: its target %s, and Flagger would release %s; %s first, or use --force"
                        .formatted(
                                check ? "would be refused" : "is refused",
                                difference.orElseThrow(),
                                hasFailed()
                                        ? "that again, though it failed"
                                        : "that from the start",
                                hasFailed()
                                        ? "put the target back to what the primary runs"
                                        : "let the rollout end");
            }
            return (check ? "would be handed back" : "handed back") + consequence();
        }

        private String consequence() {
            if (startsRollout) {
                return ", and Flagger starts a rollout of what its target runs: the status holds no"
                        + " hash of Flagger's for it, since Serinus met it first"
                        + difference.map(it -> "; its target " + it).orElse("");
            }
            return difference
                    .map(it -> "; its target %s: Flagger knows that".formatted(it))
                    .orElse("");
        }
    }

    /** All Canaries of a namespace, or of the cluster, as they are now. */
    List<Found> look(@Nullable String namespace) {
        return canaries.in(namespace).stream().map(this::found).toList();
    }

    private Found found(GenericKubernetesResource canary) {
        return new Found(
                canary,
                Boolean.TRUE.equals(canary.get("spec", "revertOnDeletion")),
                !isFlaggers(canary),
                released.difference(canary),
                templates.beyondFlagger(canary),
                canaries.steeredApex(canary));
    }

    /** Flagger knows the target by its own hash only, which nobody else can compute. */
    private boolean isFlaggers(GenericKubernetesResource canary) {
        String applied = canary.get("status", "lastAppliedSpec");
        if (applied == null) {
            return canary.get("status", "phase") == null; // Flagger would initialise it anyway
        }
        return FLAGGERS.matcher(applied).matches() && !applied.equals(released.revision(canary));
    }

    /**
     * Takes off what is Serinus' alone, but from the Canaries that are refused and from what
     * belongs to them. Doing it again changes nothing more.
     *
     * @param force to hand back as well what Flagger would release though Serinus did not
     * @return those whose status still says what Serinus alone says, for want of a right
     */
    List<Found> handBack(List<Found> found, boolean force) {
        var refused =
                found.stream()
                        .filter(each -> each.isDeleted() || (each.isRisky() && !force))
                        .toList();
        var handed = found.stream().filter(each -> !refused.contains(each)).toList();
        handed.stream()
                .map(Found::namespace)
                .distinct()
                .forEach(
                        namespace ->
                                marks.takeOff(
                                        namespace,
                                        OwnMarks.Owners.CANARY_ALONE,
                                        object ->
                                                refused.stream()
                                                        .filter(
                                                                it ->
                                                                        it.namespace()
                                                                                .equals(namespace))
                                                        .anyMatch(
                                                                it ->
                                                                        Canaries.belongs(
                                                                                object,
                                                                                it.canary()))));
        List<Found> stale = new ArrayList<>();
        for (Found each : handed) {
            marks.forgetPromoted(each.namespace(), each.canary().getMetadata().getUid());
            if (!canaries.release(each.canary(), !each.reverts())) {
                stale.add(each);
            }
        }
        return stale;
    }
}
