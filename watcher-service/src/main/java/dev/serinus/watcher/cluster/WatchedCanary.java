package dev.serinus.watcher.cluster;

import com.fasterxml.jackson.databind.JsonNode;

import dev.serinus.schemas.admission.Admission;
import dev.serinus.schemas.admission.Admissions;
import dev.serinus.schemas.canary.CanaryReader;
import dev.serinus.schemas.canary.Installation;
import dev.serinus.schemas.canary.PassFreeze;
import dev.serinus.schemas.cluster.Claims;
import dev.serinus.schemas.events.FreezePassAsked;
import dev.serinus.schemas.events.PriorStatus;
import dev.serinus.schemas.events.Problem;
import dev.serinus.schemas.events.RolloutSpec;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the watcher keeps of a Canary object.
 *
 * @param deleting true once metadata.deletionTimestamp is set
 * @param claimed true once it carries this installation's claim and the finalizer
 * @param skipAnalysis true while an annotation asks to promote a run without analysis
 * @param reset true while an annotation asks to start over
 * @param passFreeze what an annotation asks for that is to let a run pass freezes; null for none
 * @param labels by which people choose among many; null where they are too many to be told
 * @param status status as it was written, an empty object when there is none
 */
public record WatchedCanary(
        boolean deleting,
        boolean claimed,
        boolean skipAnalysis,
        boolean reset,
        @Nullable FreezePassAsked passFreeze,
        @Nullable Map<String, String> labels,
        Verdict verdict,
        JsonNode status) {

    /** Of more none are told: by a part of them the wrong canaries would be chosen. */
    private static final int MOST_LABELS = 32;

    public WatchedCanary {
        labels = labels == null ? null : Map.copyOf(labels);
    }

    /** What the rules say of the spec. */
    public sealed interface Verdict {

        /**
         * The spec obeys every rule.
         *
         * @param unused paths of what it has and its mesh makes nothing of
         * @param hints what works otherwise than its author may think
         */
        record Accepted(
                RolloutSpec spec, SpecSummary summary, List<String> unused, List<String> hints)
                implements Verdict {
            public Accepted {
                unused = List.copyOf(unused);
                hints = List.copyOf(hints);
            }
        }

        /** The spec breaks rules. */
        record Rejected(List<Problem> problems) implements Verdict {
            public Rejected {
                problems = List.copyOf(problems);
            }
        }
    }

    /** Reads and judges a Canary object; one that cannot be read is a rejected one. */
    public static WatchedCanary of(
            GenericKubernetesResource object, Installation installation, Claims claims) {
        return new WatchedCanary(
                object.getMetadata().getDeletionTimestamp() != null,
                claims.holds(object),
                asks(object, "flagger.app/skip-analysis"),
                asks(object, "flagger.app/reset"),
                FreezePasses.asked(object.getMetadata()),
                labels(object),
                verdict(object, installation),
                JsonObjects.status(object));
    }

    private static @Nullable Map<String, String> labels(GenericKubernetesResource object) {
        var labels = object.getMetadata().getLabels();
        if (labels == null) {
            return Map.of();
        }
        return labels.size() > MOST_LABELS ? null : labels;
    }

    /** Any spelling of true that kubectl is given; whoever writes false asks for nothing. */
    private static boolean asks(GenericKubernetesResource object, String annotation) {
        var annotations = object.getMetadata().getAnnotations();
        return annotations != null && "true".equalsIgnoreCase(annotations.get(annotation));
    }

    private static Verdict verdict(GenericKubernetesResource object, Installation installation) {
        // Also what could not be read whole, so that its other mistakes are told as well.
        var canary = CanaryReader.read(object).resource();
        return switch (Admissions.admit(canary, installation)) {
            case Admission.Refused(var problems) -> new Verdict.Rejected(problems);
            case Admission.Admitted(var spec, var unused, var hints) ->
                    new Verdict.Accepted(
                            spec,
                            SpecSummary.of(canary),
                            unused,
                            Stream.of(hints, PassFreeze.mistakes(object.getMetadata()))
                                    .flatMap(List::stream)
                                    .toList());
        };
    }

    /** What the status says that was found; null when there is none. */
    public @Nullable PriorStatus prior() {
        return Statuses.prior(status);
    }

    /** The verdict only: a status may hold cookies. */
    @Override
    public String toString() {
        return "Subject[" + verdict.getClass().getSimpleName() + "]";
    }
}
