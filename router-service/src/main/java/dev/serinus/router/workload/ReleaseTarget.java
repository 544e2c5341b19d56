package dev.serinus.router.workload;

import com.fasterxml.jackson.databind.node.ObjectNode;

import dev.serinus.router.objects.ClusterObject;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.canary.CanaryScheduling;
import dev.serinus.schemas.canary.Revision;
import dev.serinus.schemas.cluster.Kind;
import dev.serinus.schemas.cluster.Ref;
import dev.serinus.schemas.targets.TargetKind;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What differs between the kinds of objects that can be released. All of it is computed from the
 * object: reading and writing is done around it.
 */
public interface ReleaseTarget {

    /** What a Canary's targetRef names. */
    TargetKind target();

    /** Its kind in the cluster. */
    default Kind kind() {
        return target().kind();
    }

    /** Names the target of a Canary. */
    default Ref named(Canary canary) {
        return kind().named(
                        canary.getMetadata().getNamespace(), canary.getSpec().targetRef().name());
    }

    /**
     * Names what serves the primary's share; empty before there is any.
     *
     * @param objects how the objects of the cluster are now; null for one that does not exist
     */
    default Optional<Ref> primary(Canary canary, Function<Ref, @Nullable ClusterObject> objects) {
        var target = named(canary);
        return Optional.of(kind().named(target.namespace(), target.name() + "-primary"));
    }

    /** Names what serves the canary's share; empty before there is any. */
    default Optional<Ref> candidate(ClusterObject target) {
        return Optional.of(target.ref());
    }

    /** Identifies what the target releases. */
    default String revision(ClusterObject target) {
        return Revision.of(CanaryScheduling.usersTemplate(target.json()));
    }

    /** The labels that select the target's pods; none where nobody here can tell. */
    default ObjectNode selector(ClusterObject target) {
        return target.at("/spec/selector/matchLabels").deepCopy();
    }

    /** Fields of the spec that the primary takes from the target, beside template and replicas. */
    List<String> copied();

    /** How many pods serve, and are to go on serving; 1 where pods cannot be counted. */
    int available(ClusterObject workload);

    /** How many pods are wanted. */
    int desired(ClusterObject workload);

    /** True when its number of pods can be chosen. */
    boolean isSized();

    /** True when the workload wants no pods at all. */
    boolean isScaledDown(ClusterObject workload);

    /** True when every wanted pod runs the newest template and serves. */
    boolean isComplete(ClusterObject workload);

    /** True while pods of an older template may be there. */
    boolean isRolling(ClusterObject workload);

    /** The workload without pods. */
    ClusterObject scaledDown(ClusterObject workload);

    /** The workload with this many pods, or with as many as it has where none can be chosen. */
    ClusterObject scaledUp(ClusterObject workload, int replicas);

    /**
     * True when names that begin with the target's, in the pod template, are the primary's in its
     * copy, as Flagger has it for Deployments.
     */
    boolean renamesInTemplate();

    /** Why a primary of its kind would never run what is promoted; empty when it would. */
    default Optional<String> neverRolls(ClusterObject target) {
        return Optional.empty();
    }
}
