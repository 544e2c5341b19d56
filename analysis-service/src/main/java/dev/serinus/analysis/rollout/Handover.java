package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Rollout.Counters;
import dev.serinus.analysis.rollout.RolloutEvent.Prior;
import dev.serinus.analysis.rollout.judge.Counted;
import dev.serinus.analysis.rollout.plan.Exposure;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.analysis.rollout.plan.Stop;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.Point;
import dev.serinus.schemas.topic.CanaryKey;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/**
 * Goes on with what was found at work: Flagger's canaries when an installation is handed over, our
 * own when the store was lost. Nothing is started and nothing moves because of it. Flagger's hashes
 * cannot be computed elsewhere: what the primary's template was copied from stands for them.
 */
final class Handover {

    private Handover() {}

    /** First sight of a Canary, which may have a past. */
    static TransitionBuilder begin(TransitionBuilder t, @Nullable Prior prior) {
        return begin(t, prior, true);
    }

    /**
     * The same after a dry run. Of a Canary that is ours the status says what was tried, and is
     * told anew; another controller's is left until it is ours.
     */
    static TransitionBuilder beginAfterDryRun(TransitionBuilder t, @Nullable Prior prior) {
        return begin(t, prior, !t.now().manifest().claimed());
    }

    private static TransitionBuilder begin(
            TransitionBuilder t, @Nullable Prior prior, boolean found) {
        var past = prior == null ? t : remembered(t, prior);
        return past.now().phase() == Phase.NONE
                ? past.with(Phase.INITIALIZING).then(new Next.Initialize())
                : (found ? past.statusWasFound() : past).then(new Next.Adopt());
    }

    /**
     * Takes over what a status says. Numbers only grow: whoever forgot them must not use one twice.
     */
    private static TransitionBuilder remembered(TransitionBuilder t, Prior prior) {
        boolean initialising =
                prior.phase() == Phase.INITIALIZING
                        || prior.phase() == Phase.TERMINATING
                        || (prior.phase() == Phase.FAILED && isEmpty(prior.lastPromotedSpec()));
        boolean ours = prior.run() > 0 || prior.sequence() > 0;
        var known = t.now().counters();
        boolean newRun = prior.run() > t.now().run().number();
        var numbers =
                new Counters(
                        Math.max(known.step(), prior.step()),
                        Math.max(known.announced(), prior.sequence()),
                        newRun ? 0 : known.sequence());
        Weight weight = prior.canaryWeight();
        var split = new Split(weight, false, t.spec().matches(weight));
        var revisions =
                new KnownRevisions(
                        ours ? prior.lastAppliedSpec() : null,
                        ours ? prior.lastPromotedSpec() : null,
                        prior.lastAppliedSpec(),
                        prior.lastPromotedSpec(),
                        prior.trackedConfigs(),
                        prior.phase() == Phase.FAILED ? null : prior.trackedConfigs());
        return t.with(
                t.now()
                        .with(initialising ? Phase.NONE : prior.phase())
                        .with(numbers)
                        .with(marked(t, prior))
                        .with(new Traffic(split, prior.iterations(), prior.failedChecks()))
                        .with(revisions)
                        .withPause(pause(t, prior)));
    }

    /** What people were to decide upon they still are, once the run goes on. */
    private static Run marked(TransitionBuilder t, Prior prior) {
        var past = Run.past(Math.max(t.now().run().number(), prior.run()), "");
        boolean ours = prior.run() > 0 || prior.sequence() > 0;
        var held = ours ? prior.held() : null; // another's applied revision is not known
        var failing =
                held == null
                        ? past
                        : past.failing(new Run.Failure(held.because(), t.at(), held.gate()));
        return prior.counts().isEmpty() ? failing : failing.counting(new Counted(prior.counts()));
    }

    private static Rollout.@Nullable Pause pause(TransitionBuilder t, Prior prior) {
        var known = t.now().pause();
        var found = prior.paused();
        return known != null || found == null
                ? known
                : new Rollout.Pause(found.actor(), found.reason(), t.at());
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    /**
     * The router looked at what is there.
     *
     * @param primaryRuns the revision of the target that the primary was copied from; empty if
     *     unknown
     */
    static TransitionBuilder met(TransitionBuilder t, String primaryRuns) {
        KnownRevisions b = t.now().revisions();
        return goOn(
                t.with(
                        new KnownRevisions(
                                b.applied(),
                                primaryRuns.isEmpty() ? b.promoted() : primaryRuns,
                                b.appliedText(),
                                b.promotedText(),
                                b.configs(),
                                b.promotedConfigs())));
    }

    /** Goes on once the target was seen too. */
    static TransitionBuilder goOn(TransitionBuilder t) {
        Workload target = t.now().target();
        Phase phase = t.now().phase();
        if (target == null || (!target.exists() && !phase.rests())) {
            return t.now().stage().awaited() instanceof Awaited.FoundTarget
                    ? t
                    : t.await(new Awaited.FoundTarget(), t.spec().progressDeadline());
        }
        boolean ours = t.now().revisions().applied() != null;
        var compared = !ours && target.exists() ? compare(t, target) : t;
        return switch (phase) {
            case WAITING -> rest(compared.with(Phase.INITIALIZED));
            case PROGRESSING, WAITING_PROMOTION, PROMOTING, FINALISING ->
                    resume(compared, target, ours);
            case NONE, INITIALIZING, INITIALIZED, SUCCEEDED, FAILED, TERMINATING -> rest(compared);
        };
    }

    /**
     * Nothing is held at rest, but a run of this revision that was not begun since its gate stayed
     * closed: that run is next.
     */
    private static TransitionBuilder rest(TransitionBuilder t) {
        var past = t.now().run();
        var failure = past.failure();
        var rested = t.with(Run.past(past.number(), past.revision()));
        var target = t.now().target();
        return (failure != null
                                && target != null
                                && isBeforeStart(t.spec(), t.now().canary(), failure)
                                && Revisions.isDue(rested.now())
                        ? t.with(Run.past(past.number(), target.revision()).failing(failure))
                        : rested)
                .then(new Next.Rest());
    }

    /** The gate of the start stayed closed, and is one still. */
    private static boolean isBeforeStart(Spec spec, CanaryKey canary, Run.Failure failure) {
        var gate = failure.gate();
        return gate != null
                && gate.point() == Point.START
                && HeldFailure.isThere(spec, canary, gate);
    }

    /** The target was not seen in time: people are told, and it is waited for. */
    static TransitionBuilder stillWaiting(TransitionBuilder t) {
        String words = "Taking over waits: the target was not seen";
        return t.alertOnce(words, words)
                .await(new Awaited.FoundTarget(), t.spec().progressDeadline());
    }

    /**
     * A target at rest that shows what the primary runs was applied and promoted. One that shows
     * something else has failed or is under analysis where the phase says so, and is news where it
     * says that all was well.
     */
    private static TransitionBuilder compare(TransitionBuilder t, Workload target) {
        KnownRevisions b = t.now().revisions();
        String promoted = b.promoted() == null ? target.revision() : b.promoted();
        boolean applied =
                switch (t.now().phase()) {
                    case INITIALIZED, SUCCEEDED, WAITING -> target.revision().equals(promoted);
                    case NONE,
                            INITIALIZING,
                            PROGRESSING,
                            WAITING_PROMOTION,
                            PROMOTING,
                            FINALISING,
                            FAILED,
                            TERMINATING ->
                            true;
                };
        return t.with(
                new KnownRevisions(
                        applied ? target.revision() : promoted,
                        promoted,
                        b.appliedText() == null ? target.revision() : b.appliedText(),
                        b.promotedText() == null ? promoted : b.promotedText(),
                        b.configs() == null ? target.configs() : b.configs(),
                        b.promotedConfigs()));
    }

    private static TransitionBuilder resume(TransitionBuilder t, Workload target, boolean ours) {
        var known = t.now().revisions();
        if (ours
                && (!target.revision().equals(known.applied())
                        || Revisions.otherConfigs(known.configs(), target.configs()))) {
            return t.then(new Next.Restart()); // it changed while nobody looked
        }
        List<Stop> stops = t.spec().stops();
        Phase phase = t.now().phase();
        int reached = phase == Phase.PROGRESSING ? reached(t, stops) : asked(t, stops);
        var run =
                Run.of(
                        t.now().run().number() + 1,
                        target,
                        stops,
                        reached,
                        t.spec().strategy().stepWeightPromotion(),
                        t.at());
        var c = t.now().counters();
        var failure = t.now().run().failure();
        var counting = phase == Phase.PROGRESSING && reached > 0 ? counting(t, run) : run;
        var told =
                t.with(
                                t.now()
                                        .with(
                                                counting.with(
                                                        run.readiness()
                                                                .anew(target.releasable(), t.at())))
                                        .with(new Counters(c.step(), c.announced(), 0)))
                        .happened(
                                "TakenOver",
                                "Found in phase " + phase.text() + "; it goes on from there.");
        return switch (phase) {
            case PROMOTING ->
                    told.now().held()
                            ? told.then(new Next.Park(new Next.Copy()))
                            : told.ask(new Question.Copy());
            // Nobody is led back but to a primary that was ready.
            case FINALISING -> told.await(new Awaited.Drained(true), t.spec().interval());
            case PROGRESSING, WAITING_PROMOTION -> analysis(told, reached, failure);
            case NONE, INITIALIZING, INITIALIZED, WAITING, SUCCEEDED, FAILED, TERMINATING ->
                    throw new IllegalStateException("phase " + phase + " is no run to go on with");
        };
    }

    /** What was counted is counted on, beside the limits in force. */
    private static Run counting(TransitionBuilder t, Run run) {
        var found = t.now().run().counted();
        return found == null
                ? run
                : run.counting(Counted.of(found, t.spec().checks(), Map.of(), t.at()));
    }

    /**
     * What was held is held again. A release before this one wrote no mark: there failed checks say
     * it.
     */
    private static TransitionBuilder analysis(
            TransitionBuilder t, int reached, Run.@Nullable Failure failure) {
        if (failure != null) {
            return HeldFailure.again(t, failure);
        }
        if (t.now().isBeyondThreshold()) {
            String words = "failed checks threshold reached " + t.now().traffic().failedChecks();
            // Whoever counted it was to take it back next.
            return t.spec().ruled().holdsFailed()
                    ? HeldFailure.begin(t, words, words, null)
                    : t.then(new Next.Tick());
        }
        if (reached == 0) {
            return t.then(new Next.AwaitCanary());
        }
        Awaited.Reason reason =
                Undecided.of(t.now()).isPresent()
                        ? new Awaited.Reason.Undecided()
                        : new Awaited.Reason.Arrived();
        return t.await(new Awaited.Interval(reason), t.spec().interval());
    }

    /**
     * Of a run that waits for its promotion or is in it: the switch of all traffic is asked for as
     * well.
     */
    private static int asked(TransitionBuilder t, List<Stop> stops) {
        boolean switches = !stops.isEmpty() && stops.getLast().kind() == Stop.Kind.SWITCH;
        return switches && Weight.ALL.isAbove(t.now().traffic().canaryWeight())
                ? stops.size() - 1
                : stops.size();
    }

    /** True where as many requests as at this stop are copied already. */
    private static boolean isCopied(Stop stop, Traffic traffic) {
        return traffic.split().mirrored()
                && !Exposure.of(stop.split()).isAbove(Exposure.of(traffic.split()));
    }

    /** How many stops the route, or the number of iterations, shows to have been reached. */
    private static int reached(TransitionBuilder t, List<Stop> stops) {
        Traffic traffic = t.now().traffic();
        int reached = 0;
        for (int i = 0; i < stops.size(); i++) {
            Stop stop = stops.get(i);
            boolean done =
                    switch (stop.kind()) {
                        case WEIGHT ->
                                !stop.split().canaryWeight().isAbove(traffic.canaryWeight())
                                        && (stop.split().canaryWeight().isAny()
                                                || isCopied(stop, traffic)
                                                || traffic.canaryWeight().isAny())
                                        && (!Stop.keeps(stops, i)
                                                || stop.iteration() <= traffic.iterations());
                        case ITERATION, SWITCH -> stop.iteration() <= traffic.iterations();
                        case STAY -> false;
                    };
            if (done) {
                reached = i + 1;
            }
        }
        return reached;
    }
}
