package dev.serinus.router.release;

import dev.serinus.router.objects.Change;
import dev.serinus.router.objects.ClusterObject;
import dev.serinus.router.objects.Mark;
import dev.serinus.router.objects.Refusal;
import dev.serinus.router.workload.AnalysedConfigs;
import dev.serinus.router.workload.Target;
import dev.serinus.schemas.canary.Canary;
import dev.serinus.schemas.cluster.Ref;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The two sides of what is released, primary and canary: how each comes to be, what a promotion
 * changes, and what is given back. One for each family of targets. It reads the cluster and writes
 * nothing but what it keeps for itself; with the same cluster it always gives the same.
 */
public interface Sides {

    /**
     * A primary to be made.
     *
     * @param changes in their order
     * @param revision of the target that it releases
     */
    record Made(List<Change> changes, String revision) {
        public Made {
            changes = List.copyOf(changes);
        }

        /** The primary as it is to be made; null where it is none of the changes. */
        public @Nullable ClusterObject primary(Optional<Ref> ref) {
            return changes.stream()
                    .filter(change -> ref.filter(change.ref()::equals).isPresent())
                    .map(Change::desired)
                    .findFirst()
                    .orElse(null);
        }
    }

    /**
     * Refuses a target that another Canary releases: both would scale, route and promote the same.
     * Where the primary has an owner, that tells, and is looked at elsewhere.
     */
    default void refuseShared(Canary canary, ClusterObject target) {}

    /** Names of what is made for the Canary or taken over, beside its route; what leads first. */
    List<Ref> objects(Canary canary);

    /**
     * What is to change so that a route can lead to each side.
     *
     * @param primary null when it is yet to be made
     */
    default List<Change> routable(Canary canary, Target target, @Nullable ClusterObject primary) {
        return routable(
                canary,
                target,
                primary,
                refusal -> {
                    throw refusal;
                });
    }

    /**
     * The same for every side for which it can be told.
     *
     * @param refused is told why it cannot for another
     */
    List<Change> routable(
            Canary canary,
            Target target,
            @Nullable ClusterObject primary,
            Consumer<Refusal> refused);

    /**
     * What was there before by the names of the two sides and leads elsewhere until now, in
     * sentences: who uses it is to hear of it.
     */
    default List<String> takenOver(Canary canary, Target target) {
        return List.of();
    }

    /** What is to be created when there is no primary. */
    Made created(Canary canary, Target target, Mark mark);

    /** What is to change so that a primary that was found, of this revision, can be made again. */
    List<Change> kept(
            Canary canary, Target target, ClusterObject primary, String revision, Mark mark);

    /** What is to be created so that a lost primary is what was promoted last, if it is known. */
    Optional<Change> lost(Canary canary, Target target);

    /** What is to change so that a primary serves as it was promoted. */
    List<Change> upheld(Canary canary, Target target, ClusterObject primary);

    /** Why what was made before is not as the Canary asks now, and cannot be; empty when it is. */
    default Optional<String> unchangeable(Canary canary) {
        return Optional.empty();
    }

    /** The revision of the target that a primary releases. */
    String revision(Canary canary, Target target, ClusterObject primary);

    /** What is to change so that clients who come by no route meet the primary. */
    Optional<Change> apex(Canary canary, Target target, @Nullable ClusterObject primary);

    /**
     * What is to change so that the canary's side releases what the target does now.
     *
     * @param primary null when there is none
     */
    List<Change> current(Canary canary, Target target, @Nullable ClusterObject primary);

    /**
     * What is to change so that the primary releases what the target does.
     *
     * @param analysed the contents of configs that may be promoted
     * @param primary null when there is none
     */
    List<Change> promoted(
            Canary canary,
            Target target,
            AnalysedConfigs analysed,
            @Nullable ClusterObject primary,
            Mark mark);

    /**
     * What is to change so that clients reach the primary as it is promoted.
     *
     * @param before the primary as it is; null when there is none
     * @param promoted the primary as it is to be
     */
    default List<Change> exposed(
            Canary canary, Target target, @Nullable ClusterObject before, ClusterObject promoted) {
        return List.of();
    }

    /**
     * Forgets what was promoted before.
     *
     * @param before the primary until then; null when there was none
     * @param promoted what was written for the promotion; empty when it was done already
     */
    void forgetOlder(Canary canary, @Nullable ClusterObject before, List<Change> promoted);

    /**
     * The target as it was promoted last, serving, without our notes.
     *
     * @param primary as it is, or as it was promoted last; null when neither is known
     */
    ClusterObject restored(Canary canary, Target target, @Nullable ClusterObject primary);

    /**
     * What is to change so that what was there before us serves as it did, before the route leads
     * there.
     *
     * @param target null when it is gone
     */
    List<Change> given(Canary canary, @Nullable Target target);

    /**
     * What is to change so that what the route led to, and was there before us, is as it was; once
     * no request goes there any more.
     */
    default List<Change> givenBehind(Canary canary) {
        return List.of();
    }

    /** What was made so that the primary can run, beside it. */
    default List<Ref> copies(Canary canary, ClusterObject primary) {
        return List.of();
    }
}
