package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Effect.Severity;
import dev.serinus.analysis.rollout.Measurement.Outcome;
import dev.serinus.analysis.rollout.Rollout.Baseline;
import dev.serinus.analysis.rollout.Rollout.Counters;
import dev.serinus.analysis.rollout.Rollout.Run;
import dev.serinus.analysis.rollout.Rollout.Traffic;
import dev.serinus.analysis.rollout.RolloutEvent.Prior;
import dev.serinus.analysis.rollout.RolloutEvent.RouterAnswered;

import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * From the first sight of a Canary to rest: the primary is made, seen ready, and only then given
 * the traffic.
 */
final class Beginning {

    private Beginning() {}

    static void begin(Turn turn, @Nullable Prior prior) {
        if (prior != null) {
            remember(turn, prior);
        }
        if (turn.draft.phase == Phase.NONE) {
            turn.draft.phase = Phase.INITIALIZING;
        } else {
            turn.statusWasFound();
        }
        if (turn.now().held()) {
            Wishes.hold(turn, "skipping canary run as object is suspended", "Suspended");
            return;
        }
        start(turn);
    }

    /** Begins what {@link #begin} prepared. */
    static void start(Turn turn) {
        if (turn.draft.phase == Phase.INITIALIZING && !turn.spec().skipAnalysis()) {
            turn.ask(Stage.AVAILABILITY);
        } else {
            turn.ask(Stage.INITIALIZING);
        }
    }

    /** Takes over what a status says: Flagger's, or our own after the store was lost. */
    private static void remember(Turn turn, Prior prior) {
        boolean initialising =
                prior.phase() == Phase.INITIALIZING
                        || (prior.phase() == Phase.FAILED && isEmpty(prior.lastPromotedSpec()));
        turn.draft.phase = initialising ? Phase.NONE : prior.phase();
        turn.draft.counters = new Counters(prior.step(), prior.sequence(), 0);
        turn.draft.run = Run.past(prior.run(), "");
        turn.draft.traffic =
                new Traffic(
                        prior.canaryWeight(),
                        false,
                        !prior.phase().rests(),
                        prior.iterations(),
                        prior.failedChecks());
        boolean ours = prior.run() > 0 || prior.sequence() > 0;
        turn.draft.baseline =
                new Baseline(
                        ours ? prior.lastAppliedSpec() : null,
                        ours ? prior.lastPromotedSpec() : null,
                        prior.lastAppliedSpec(),
                        prior.lastPromotedSpec(),
                        prior.trackedConfigs(),
                        prior.phase() == Phase.FAILED ? null : prior.trackedConfigs());
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    /**
     * Numbers found on objects are taken up while nothing runs, so that a lost store never goes
     * back in time.
     */
    static void takeUp(Turn turn, Workload workload) {
        Counters c = turn.draft.counters;
        if (workload.step() > c.step()) {
            turn.draft.counters = new Counters(workload.step(), c.announced(), c.sequence());
        }
        if (workload.run() > turn.draft.run.number() && turn.draft.phase.rests()) {
            turn.draft.run = Run.past(workload.run(), turn.draft.run.revision());
        }
    }

    static void rejected(Turn turn) {
        StringBuilder all = new StringBuilder("invalid canary spec: ");
        for (var problem : turn.draft.problems) {
            all.append(problem.path()).append(": ").append(problem.message()).append("; ");
        }
        if (turn.draft.problems.isEmpty()) {
            return;
        }
        String text = all.substring(0, all.length() - 2);
        turn.announceProblems(text);
        turn.happened("Rejected", text);
    }

    static void available(Turn turn, List<Measurement> measurements) {
        var missing =
                measurements.stream().filter(one -> one.outcome() != Outcome.VALUE).findFirst();
        if (missing.isPresent()) {
            turn.warning("Error checking metric providers: " + missing.get().because());
        } else {
            turn.normal("all the metrics providers are available!");
        }
        turn.ask(Stage.INITIALIZING);
    }

    static void done(Turn turn, RouterAnswered answer) {
        switch (turn.stage()) {
            case INITIALIZING, FIRST_COPY -> created(turn, answer.revision());
            case RESHAPING -> turn.ask(Stage.TAKING_OVER);
            default -> takenOver(turn, answer.revision());
        }
    }

    private static void created(Turn turn, String primaryRuns) {
        if (turn.draft.phase != Phase.INITIALIZING) {
            TakingOver.met(turn, primaryRuns);
            return;
        }
        turn.await(
                Stage.FIRST_PRIMARY,
                turn.spec().progressDeadline(),
                "the primary is to become ready");
        Guarding.proceed(turn);
    }

    /**
     * The target got a newer template before the primary was ever ready: the way out of a bad first
     * image.
     */
    static void targetChanged(Turn turn) {
        var target = turn.draft.target;
        var primary = turn.draft.primary;
        if (turn.draft.phase != Phase.INITIALIZING) {
            TakingOver.goOn(turn);
        } else if (target != null
                && target.exists()
                && primary != null
                && primary.exists()
                && !primary.revision().isEmpty()
                && !primary.revision().equals(target.revision())) {
            turn.ask(Stage.FIRST_COPY, -1, "the primary gets the newer template");
        } else {
            Guarding.proceed(turn);
        }
    }

    static void primaryReady(Turn turn) {
        turn.ask(Stage.TAKING_OVER);
    }

    /**
     * Told once, and nothing is moved: the target goes on serving. Flagger scales it down here,
     * with the apex still leading to it.
     */
    static void primaryLate(Turn turn, String because) {
        if (turn.draft.phase != Phase.INITIALIZING) {
            turn.chat(Severity.ERROR, "Taking over waits: " + because, false);
            turn.await(
                    Stage.FIRST_PRIMARY,
                    turn.spec().progressDeadline(),
                    "what was taken over is to be seen: " + because);
            return;
        }
        turn.warnOnce(turn.primary() + " not ready: " + because);
        turn.await(
                Stage.FIRST_PRIMARY_LATE,
                null,
                "the primary is to become ready, or the target to get a newer template: "
                        + because);
        turn.warning(
                "Initialization failed! %s goes on serving and is not released"
                        .formatted(turn.target()));
        turn.chat(Severity.ERROR, "Initialization failed, primary not ready: " + because, false);
        turn.happened(
                "InitializationFailed",
                "The primary did not become ready in time; the target goes on serving: " + because);
    }

    private static void takenOver(Turn turn, String copied) {
        if (turn.draft.phase != Phase.INITIALIZING) {
            rest(turn); // only the shape of services and routes had changed
            return;
        }
        var target = turn.draft.target;
        String revision =
                !copied.isEmpty()
                        ? copied
                        : primaryRevision(turn, target == null ? "" : target.revision());
        turn.draft.traffic = new Traffic(0, false, false, 0, 0);
        turn.draft.baseline = Baseline.of(revision, target == null ? null : target.configs());
        turn.draft.run = Run.past(turn.draft.run.number(), revision);
        turn.draft.phase = Phase.INITIALIZED;
        turn.await(Stage.RESTING, null, "");
        turn.normal("Initialization done! " + turn.draft.canary.dotted());
        turn.chat(
                Severity.INFO,
                "New " + turn.spec().target().kind() + " detected, initialization completed.",
                true);
        turn.happened("Initialized", "The primary serves; the target was scaled down.");
        Running.considerRevision(turn);
    }

    private static String primaryRevision(Turn turn, String otherwise) {
        var primary = turn.draft.primary;
        return primary == null || primary.revision().isEmpty() ? otherwise : primary.revision();
    }

    /** The spec changed at rest: services and routes get the new shape at the present split. */
    static void reshape(Turn turn) {
        turn.ask(Stage.RESHAPING);
    }

    static void rest(Turn turn) {
        turn.await(Stage.RESTING, null, "");
        Running.considerRevision(turn);
        if (turn.stage() == Stage.RESTING) {
            Guarding.traffic(turn);
        }
    }
}
