package dev.serinus.analysis.telemetry;

import dev.serinus.analysis.rollout.Rollout;
import dev.serinus.analysis.rollout.Stage;
import dev.serinus.schemas.topic.CanaryKey;

/** A rollout of which nothing matters but where it is. */
final class RolloutAt {

    private RolloutAt() {}

    static Rollout at(CanaryKey canary, Stage stage) {
        var any = Rollout.of(canary);
        return new Rollout(
                canary,
                any.manifest(),
                any.target(),
                any.primary(),
                any.baseline(),
                any.phase(),
                any.run(),
                any.traffic(),
                any.revisions(),
                stage,
                any.counters(),
                any.pause(),
                any.cookies(),
                any.lastTold(),
                any.answered(),
                any.governed(),
                any.at());
    }
}
