package dev.serinus.analysis.records;

import dev.serinus.analysis.rollout.Phase;
import dev.serinus.analysis.rollout.RolloutEvent;
import dev.serinus.analysis.rollout.gate.WaitingGate;
import dev.serinus.analysis.rollout.judge.Limits;
import dev.serinus.analysis.rollout.judge.MetricCounts;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.events.CountedBefore;
import dev.serinus.schemas.events.HeldFailure;
import dev.serinus.schemas.events.PausedBy;
import dev.serinus.schemas.events.PriorStatus;
import dev.serinus.schemas.hook.Point;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/** What a status said that was found on a Canary. */
final class Priors {

    private static final Limits NO_LIMITS = new Limits(null, null, null);

    private Priors() {}

    static RolloutEvent.@Nullable Prior of(@Nullable PriorStatus prior) {
        return prior == null
                ? null
                : new RolloutEvent.Prior(
                        Phase.of(prior.getPhase()),
                        Weight.recorded(prior.getCanaryWeight(), prior.getCanaryBasisPoints()),
                        prior.getFailedChecks(),
                        prior.getIterations(),
                        prior.getLastAppliedSpec(),
                        prior.getLastPromotedSpec(),
                        prior.getTrackedConfigs(),
                        prior.getRun(),
                        prior.getStep(),
                        prior.getSequence(),
                        held(prior.getHeld()),
                        paused(prior.getPaused()),
                        prior.getCounts().stream().map(Priors::counts).toList());
    }

    private static RolloutEvent.@Nullable Held held(@Nullable HeldFailure held) {
        return held == null ? null : new RolloutEvent.Held(held.getBecause(), gate(held));
    }

    /** A gate that is not known here is none: the failure is held all the same. */
    private static @Nullable WaitingGate gate(HeldFailure held) {
        String webhook = held.getWebhook();
        return webhook == null
                ? null
                : Arrays.stream(Point.values())
                        .filter(point -> point.name().equals(held.getGate()))
                        .findFirst()
                        .map(point -> new WaitingGate(point, webhook))
                        .orElse(null);
    }

    private static RolloutEvent.@Nullable PausedBy paused(@Nullable PausedBy paused) {
        return paused == null
                ? null
                : new RolloutEvent.PausedBy(paused.getActor(), paused.getReason());
    }

    /** Beside no limits yet: those in force are the spec's. */
    private static MetricCounts counts(CountedBefore counts) {
        return new MetricCounts(
                counts.getName(),
                counts.getFailed(),
                counts.getFailedInARow(),
                counts.getInconclusive(),
                0,
                NO_LIMITS,
                null);
    }
}
