package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Ask.Trouble;
import dev.serinus.analysis.rollout.Ask.Trouble.Kind;
import dev.serinus.analysis.rollout.Rollout.Counters;
import dev.serinus.analysis.rollout.RolloutEvent.Mark;
import dev.serinus.analysis.rollout.RolloutEvent.RouterAnswered;
import dev.serinus.analysis.rollout.tell.Severity;

import org.jspecify.annotations.Nullable;

import java.time.Duration;
import java.time.Instant;

/**
 * Questions that were not answered as hoped. They are put again, slower and slower; the reason is
 * said; and after the progress deadline people are told, and what can be given up safely is given
 * up.
 */
final class Unanswered {

    /** A route that the mesh did not take may be taken any moment. */
    private static final Duration SLOWEST_ROUTE = Duration.ofSeconds(5);

    private static final Duration SLOWEST = Duration.ofSeconds(30);

    /** Once people were told, it is their turn. */
    private static final Duration AFTER_ALARM = Duration.ofMinutes(1);

    /** Data planes that need longer are asked about as often. */
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);

    /** How far to go past a mark that an answer did not name. */
    private static final long SKIPPED = 1000;

    private static final String IN_LINE = ": it is away, or others stand in line before this";

    private Unanswered() {}

    /** The router could not do it. */
    static TransitionBuilder refused(TransitionBuilder t, RouterAnswered answer) {
        return switch (answer.outcome()) {
            case DONE -> throw new IllegalArgumentException("what is done is not refused");
            case RETRY -> {
                var pause = answer.pause();
                yield pause == null
                        ? trouble(t, answer.because(), Kind.DIFFICULTY)
                        : waits(t, answer.because(), pause);
            }
            case UNSEEN -> trouble(deadlineAnew(t), answer.because(), Kind.DIFFICULTY);
            case INVALID -> trouble(t, answer.because(), Kind.MISTAKE);
            case CHANGED ->
                    // The watcher is about to see it; a revision that it saw already begins the run
                    // anew.
                    t.stage().question() instanceof Question.Copy && Revisions.superseded(t.now())
                            ? t.then(new Next.Restart())
                            : trouble(t, answer.because(), Kind.DIFFICULTY);
            case STALE -> trouble(past(t, answer.found()), answer.because(), Kind.STALE);
        };
    }

    /** The router says that it is done, and what it shows is not what it was asked for. */
    static TransitionBuilder undone(TransitionBuilder t, String because) {
        return trouble(t, because, Kind.MISTAKE);
    }

    /**
     * Nobody answered in time: the same is asked again. Traffic stays where it is however long it
     * takes.
     */
    static TransitionBuilder silent(TransitionBuilder t) {
        if (!(t.stage() instanceof Stage.Asking(var question, var ask))) {
            return t;
        }
        var before = ask.trouble();
        var parked = parked(question);
        if (t.now().held() && before != null && ask.refused() > 0 && parked != null) {
            return t.then(new Next.Park(parked));
        }
        boolean alarmed = before != null && before.alarmed();
        boolean other = before != null && before.kind() != Kind.SILENCE;
        if (other) {
            return question instanceof Question.Initialize && AnotherTarget.isLeft(t.now())
                    ? AnotherTarget.takeBack(t)
                    : t.again();
        }
        String because = whom(question) + " does not answer since " + ask.since();
        if (!isLate(t, question, ask)) {
            return t.troubled(new Trouble(because + IN_LINE, Kind.SILENCE, alarmed)).again();
        }
        var told = alarmed ? t : alarm(t, because);
        return told.againAt(t.at(), new Trouble(because, Kind.SILENCE, true)).again();
    }

    /**
     * A hook that may demand a rollback does not answer while a split cannot be set: that is given
     * up after its deadline all the same.
     */
    static TransitionBuilder silent(TransitionBuilder t, Next.ShiftAgain again) {
        var trouble = again.trouble();
        boolean late = !t.at().isBefore(again.since().plus(t.spec().progressDeadline()));
        return late && trouble != null && trouble.kind() != Kind.SILENCE && !t.now().held()
                ? rolledBack(t, trouble.because())
                : silent(t);
    }

    private static String whom(Question question) {
        return switch (question) {
            case Question.OfRouter _ -> "the router";
            case Question.OfMetrics _ -> "the watcher, which asks the metric providers,";
            case Question.OfHook _ -> "the webhook service";
        };
    }

    /**
     * Objects carry a later step than ours, so our memory is older than the cluster: go past it. A
     * later run too, since the steps of an earlier one count for nothing.
     */
    private static TransitionBuilder past(TransitionBuilder t, @Nullable Mark found) {
        if (!(t.stage() instanceof Stage.Asking(var question, var ask))) {
            return t;
        }
        Counters c = t.now().counters();
        long step = 1 + (found == null ? c.step() + SKIPPED : Math.max(c.step(), found.step()));
        Run run = t.now().run();
        boolean later = found != null && found.run() > run.number();
        var counted =
                t.now()
                        .with(new Counters(step, c.announced(), later ? 0 : c.sequence()))
                        .with(later && found != null ? run.numbered(found.run() + 1) : run)
                        .with(
                                (Stage)
                                        new Stage.Asking(
                                                question,
                                                new Ask(
                                                        step,
                                                        ask.attempt(),
                                                        ask.since(),
                                                        ask.due(),
                                                        ask.refused(),
                                                        ask.trouble())));
        var renumbered = t.with(counted);
        return later
                ? renumbered.happened(
                        "Renumbered",
                        "The cluster had seen later runs than run " + run.number() + ".")
                : renumbered;
    }

    /**
     * What nobody can see may be as it has to be: the time in which it has to become so begins when
     * it is seen again.
     */
    private static TransitionBuilder deadlineAnew(TransitionBuilder t) {
        if (!(t.stage() instanceof Stage.Asking(var question, var ask))) {
            return t;
        }
        var same =
                question instanceof Question.Shift(var to, _, var hooksAsked)
                        ? new Question.Shift(to, t.at(), hooksAsked)
                        : question;
        return t.with(new Stage.Asking(same, ask.putAt(t.at())));
    }

    /**
     * Nothing is wrong: it is asked again when the time is over that data planes need, and nobody
     * is told. What never comes to an end is trouble like any other, a while after the deadline.
     */
    private static TransitionBuilder waits(TransitionBuilder t, String because, Duration pause) {
        if (!(t.stage() instanceof Stage.Asking(var question, var ask))) {
            return t;
        }
        var longest = since(question, ask).plus(t.spec().progressDeadline()).plus(LONGEST_WAIT);
        if (!t.at().isBefore(longest)) {
            return trouble(t, because, Kind.DIFFICULTY);
        }
        var before = ask.trouble();
        var next = pause.compareTo(SHORTEST_WAIT) < 0 ? SHORTEST_WAIT : pause;
        return t.againAt(
                t.at().plus(next.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : next),
                new Trouble(because, Kind.DIFFICULTY, before != null && before.alarmed()));
    }

    /**
     * True where the cluster's manifest has no such webhook any more, and the edit may become known
     * here in a moment. One that the watcher refuses never does.
     *
     * @param waits true where nothing but the end of the run waits for it
     */
    static boolean isNewEdit(TransitionBuilder t, boolean waits) {
        if (!(t.stage() instanceof Stage.Asking(var _, var ask))) {
            return false;
        }
        var interval = t.spec().interval();
        var moment = interval.compareTo(SLOWEST) < 0 ? interval : SLOWEST;
        var run = t.now().run();
        boolean known = run.doubt() != null || run.gateClosedSince() != null;
        return waits
                ? t.at().isBefore(ask.since().plus(t.spec().progressDeadline()))
                : !known && t.at().isBefore(ask.since().plus(moment));
    }

    /** The same is asked again: an edit that is not known here yet fails no check. */
    static TransitionBuilder changed(TransitionBuilder t, String because) {
        if (!(t.stage() instanceof Stage.Asking(var question, var ask))
                || isLate(t, question, ask)) {
            return trouble(t, because, Kind.DIFFICULTY);
        }
        return t.againAt(
                t.at().plus(pause(t.spec(), question, ask, Kind.DIFFICULTY, false)),
                new Trouble(because, Kind.DIFFICULTY, false));
    }

    private static TransitionBuilder trouble(TransitionBuilder t, String because, Kind kind) {
        if (!(t.stage() instanceof Stage.Asking(var question, var ask))) {
            return t;
        }
        // A mark of a life before ours is met once and passed: news only if it goes on.
        var before = ask.trouble();
        boolean known = before != null && before.because().equals(because);
        boolean news = !because.isEmpty() && (kind != Kind.STALE || ask.attempt() > 3);
        var told = news && !known ? t.warnOnce(because) : t;
        boolean alarmed = before != null && before.alarmed();
        if (isLate(t, question, ask)) {
            if (!t.now().held() && givesUp(question)) {
                return givenUp(told, question, because);
            }
            told = alarmed ? told : alarm(told, because);
            alarmed = true;
        }
        return told.againAt(
                t.at().plus(pause(t.spec(), question, ask, kind, alarmed)),
                new Trouble(because, kind, alarmed));
    }

    /**
     * What was refused is not tried again while people hold the rollout, if it would advance it;
     * null for what does not.
     */
    private static @Nullable Next parked(Question question) {
        return switch (question) {
            case Question.TakeOver _ -> new Next.TakeOver();
            case Question.CopyFirst _ -> new Next.CopyFirst();
            case Question.ScaleUp _ -> new Next.AskToStart();
            case Question.Shift _ -> new Next.AskToAdvance();
            case Question.Copy _ -> new Next.AskToPromote();
            case Question.RouteBack _ -> new Next.RouteBack();
            case Question.ScaleDown _ -> new Next.ScaleDown();
            case Question.Availability _,
                    Question.Initialize _,
                    Question.Adopt _,
                    Question.Reshape _,
                    Question.Reroute _,
                    Question.ClearBeforeRun _,
                    Question.ClearForRestart _,
                    Question.StartBaseline _,
                    Question.StopBaseline _,
                    Question.Retreat _,
                    Question.Rescue _,
                    Question.Metrics _,
                    Question.CallHook _,
                    Question.AskForRollback _,
                    Question.RollBack _,
                    Question.ScaleDownFailed _,
                    Question.Restore _ ->
                    null;
        };
    }

    private static boolean isLate(TransitionBuilder t, Question question, Ask ask) {
        return !t.at().isBefore(since(question, ask).plus(t.spec().progressDeadline()));
    }

    private static Instant since(Question question, Ask ask) {
        return question instanceof Question.Shift shift ? shift.since() : ask.since();
    }

    private static Duration pause(
            Spec spec, Question question, Ask ask, Kind kind, boolean alarmed) {
        var slowest = question instanceof Question.Shift ? SLOWEST_ROUTE : SLOWEST;
        var growing = Duration.ofSeconds(1L << Math.clamp(ask.attempt() - 1L, 0, 5));
        var pause =
                kind == Kind.MISTAKE
                        ? spec.interval()
                        : growing.compareTo(slowest) > 0 ? slowest : growing;
        boolean theirTurn = alarmed && !(question instanceof Question.RollBack);
        return theirTurn && pause.compareTo(AFTER_ALARM) < 0 ? AFTER_ALARM : pause;
    }

    /** True where giving up leaves everything served: traffic is not where it was to go. */
    private static boolean givesUp(Question question) {
        return switch (question) {
            case Question.ScaleUp _,
                    Question.ClearForRestart _,
                    Question.Shift _,
                    Question.StartBaseline _,
                    Question.StopBaseline _,
                    Question.Copy _,
                    Question.RouteBack _,
                    Question.ScaleDown _,
                    Question.ScaleDownFailed _ ->
                    true;
            // The other target's primary is the way out; where that is none, this is asked again.
            case Question.Retreat(var from) -> from == Part.INITIALIZATION;
            case Question.Availability _,
                    Question.Initialize _,
                    Question.CopyFirst _,
                    Question.TakeOver _,
                    Question.Adopt _,
                    Question.Reshape _,
                    Question.Reroute _,
                    Question.ClearBeforeRun _,
                    Question.Rescue _,
                    Question.Metrics _,
                    Question.CallHook _,
                    Question.AskForRollback _,
                    Question.RollBack _,
                    Question.Restore _ ->
                    false;
        };
    }

    private static TransitionBuilder givenUp(
            TransitionBuilder t, Question question, String because) {
        return switch (question) {
            case Question.RouteBack _ ->
                    t.now().run().withdrawn()
                            ? t.chat(Severity.ERROR, "Rolled back what was withdrawn, " + because)
                                    .then(new Next.RollBack(because))
                            : t.then(new Next.FailPromotion(because));
            case Question.ScaleDown _ ->
                    t.warning("%s was not scaled down: %s".formatted(t.target(), because))
                            .then(new Next.EndPromoted());
            case Question.ScaleDownFailed _ ->
                    t.warning("%s was not scaled down: %s".formatted(t.target(), because))
                            .then(new Next.EndRolledBack());
            case Question.Retreat _ -> alarm(t, because).then(new Next.Initialize());
            case Question.ScaleUp _,
                    Question.ClearForRestart _,
                    Question.Shift _,
                    Question.StartBaseline _,
                    Question.StopBaseline _,
                    Question.Copy _,
                    Question.Availability _,
                    Question.Initialize _,
                    Question.CopyFirst _,
                    Question.TakeOver _,
                    Question.Adopt _,
                    Question.Reshape _,
                    Question.Reroute _,
                    Question.ClearBeforeRun _,
                    Question.Rescue _,
                    Question.Metrics _,
                    Question.CallHook _,
                    Question.AskForRollback _,
                    Question.RollBack _,
                    Question.Restore _ ->
                    rolledBack(t, because);
        };
    }

    private static TransitionBuilder rolledBack(TransitionBuilder t, String because) {
        return t.warning(
                        "Rolling back %s progress deadline exceeded %s"
                                .formatted(t.canary(), because))
                .chat(Severity.ERROR, "Progress deadline exceeded " + because)
                .then(new Next.RollBack("progress deadline exceeded: " + because));
    }

    /** Told once for each question. */
    private static TransitionBuilder alarm(TransitionBuilder t, String because) {
        if (t.stage().part() == Part.INITIALIZATION && t.now().phase() == Phase.INITIALIZING) {
            return t.warning(NotReady.initializationFailed(t))
                    .chat(Severity.ERROR, "Initialization failed, " + because)
                    .happened("InitializationFailed", because);
        }
        return t.warnOnce(because)
                .chat(Severity.ERROR, "%s waits: %s".formatted(t.canary(), because))
                .happened("Stalled", because);
    }
}
