package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Rollout.Await;
import dev.serinus.analysis.rollout.Rollout.Baseline;
import dev.serinus.analysis.rollout.Rollout.Counters;
import dev.serinus.analysis.rollout.Rollout.Run;
import dev.serinus.analysis.rollout.Rollout.Traffic;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;

/** A rollout while a decision changes it: what goes in comes out again as a value. */
final class Draft {

    final CanaryKey canary;
    String uid;
    long generation;
    @Nullable Spec spec;
    boolean deleting;
    List<RolloutEvent.Problem> problems;
    Phase phase;
    @Nullable Workload target;
    @Nullable Workload primary;
    Run run;
    Traffic traffic;
    Baseline baseline;
    Await await;
    Counters counters;
    boolean paused;
    String lastTold;
    Cookies cookies;
    @Nullable Instant at;

    Draft(Rollout from) {
        canary = from.canary();
        uid = from.uid();
        generation = from.generation();
        spec = from.spec();
        deleting = from.deleting();
        problems = from.problems();
        phase = from.phase();
        target = from.target();
        primary = from.primary();
        run = from.run();
        traffic = from.traffic();
        baseline = from.baseline();
        await = from.await();
        counters = from.counters();
        paused = from.paused();
        lastTold = from.lastTold();
        cookies = from.cookies();
        at = from.at();
    }

    Rollout rollout() {
        return new Rollout(
                canary,
                uid,
                generation,
                spec,
                deleting,
                problems,
                phase,
                target,
                primary,
                run,
                traffic,
                baseline,
                await,
                counters,
                paused,
                lastTold,
                cookies,
                at);
    }
}
