package dev.serinus.analysis.records;

import static java.util.Objects.requireNonNullElse;

import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.RolloutEvent.Action;
import dev.serinus.analysis.rollout.Run;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.RolloutState;
import dev.serinus.schemas.events.TakenBack;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What the whole fleet may know of a rollout: topic {@code serinus.rollouts}. */
public final class PublicState {

    private PublicState() {}

    /** The public view of a rollout that was decided upon at least once. */
    public static RolloutState of(Rollout rollout, Instant updatedAt) {
        var target = rollout.target();
        var released = rollout.revisions().released();
        return RolloutState.newBuilder()
                .setCanary(rollout.canary().toString())
                .setUid(rollout.uid())
                .setRun(rollout.run().number())
                .setPhase(rollout.shown().text())
                .setRevision(rollout.run().revision())
                .setPromotedRevision(requireNonNullElse(rollout.revisions().promoted(), ""))
                .setImages(rollout.images())
                .setPrimaryImages(rollout.primaryImages())
                .setCanaryWeight(rollout.traffic().canaryWeight().wholePercent())
                .setCanaryBasisPoints(rollout.traffic().canaryWeight().basisPoints())
                .setWantedBasisPoints(basisPoints(rollout.wantedWeight().orElse(null)))
                .setBaselineBasisPoints(basisPoints(rollout.traffic().split().baseline()))
                .setDryRun(rollout.manifest().tried() != null)
                .setMirrorBasisPoints(basisPoints(rollout.traffic().split().copies()))
                .setIterations(rollout.traffic().iterations())
                .setFailedChecks(rollout.traffic().failedChecks())
                .setTakenBack(takenBack(rollout.run().takenBack()))
                .setStep(rollout.counters().step())
                .setSequence(rollout.counters().sequence())
                .setWaitingFor(rollout.waitingFor())
                .setWaitingOn(rollout.waitingOn().word())
                .setDeadline(rollout.deadline().orElse(null))
                .setProvider(rollout.spec() == null ? "" : rollout.spec().provider())
                .setHeld(rollout.held())
                .setPossibleActions(words(rollout.possible()))
                .setRelease(target == null ? "" : target.released())
                .setPromotedRelease(released == null ? "" : released.release())
                .setPromotedAt(released == null ? null : released.at())
                .setLabels(rollout.manifest().labels())
                .setHints(rollout.manifest().hints())
                .setWaitsForOthers(rollout.fleetWait().word())
                .setHasPlace(rollout.hasPlace())
                .setStartedAt(rollout.run().startedAt())
                .setUpdatedAt(updatedAt)
                .build();
    }

    private static @Nullable TakenBack takenBack(Run.@Nullable TakenBack told) {
        return told == null
                ? null
                : new TakenBack(told.at(), told.because(), told.by(), told.failedChecks());
    }

    private static @Nullable Integer basisPoints(@Nullable Weight share) {
        return share == null ? null : share.basisPoints();
    }

    static List<String> words(List<Action> actions) {
        return actions.stream().map(Action::word).toList();
    }

    /**
     * The new state where it says something new, and not only when it was decided. Empty also while
     * nothing is known.
     */
    public static Optional<RolloutState> changed(Rollout before, Rollout after, Instant at) {
        if (after.uid().isEmpty()) {
            return Optional.empty();
        }
        RolloutState state = of(after, at);
        return state.equals(of(before, at)) ? Optional.empty() : Optional.of(state);
    }
}
