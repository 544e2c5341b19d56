package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Ask.Trouble;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/** Why nothing moves although it should: what the condition Stalled says. */
final class Stalled {

    /** Trouble that passes by itself is not worth a word before it was met so often. */
    private static final int ATTEMPTS = 3;

    private static final Duration LONGEST_WAVE = Duration.ofDays(1);

    private Stalled() {}

    /** The reason; empty while all goes its way, and while people hold the rollout. */
    static String because(Rollout r) {
        return switch (r.stage()) {
            case Stage.Asking(
                            Question.AskForRollback(
                                    var _,
                                    var _,
                                    Next.ShiftAgain(var _, var _, var trouble)),
                            var _) ->
                    asking(trouble, ATTEMPTS + 1);
            case Stage.Asking(var _, var ask) -> asking(ask.trouble(), ask.attempt());
            case Stage.InitializationFailed(var because) -> because;
            case Stage.Waiting(Awaited.Interval(Awaited.Reason.Undecided _), var _) ->
                    Undecided.of(r).map(Undecided::words).orElse("");
            case Stage.Waiting(Awaited.Decision _, var _) -> {
                var failure = r.run().failure();
                yield failure == null ? "" : failure.because();
            }
            case Stage.Waiting(Awaited.Turn _, var timer) -> behind(r, timer);
            case Stage.Waiting(var awaited, var _) -> waiting(awaited);
            case Stage.Resting _ -> NotReady.isGoneAtRest(r) ? NotReady.gone(r) : "";
            case Stage.Unknown _, Stage.Terminated _, Stage.Gone _ -> "";
        };
    }

    /** A wave that may never come: no promotion of another is waited for longer than usual. */
    private static String behind(Rollout r, Wait timer) {
        var at = r.at();
        return at == null || at.isBefore(timer.since().plus(LONGEST_WAVE))
                ? ""
                : Permits.behind(r)
                        .map(
                                first ->
                                        ("%s was not promoted with this release since %s: promote"
                                                        + " it there, let this one begin by"
                                                        + " approve, or where both are the same"
                                                        + " release say so by the annotation"
                                                        + " serinus.dev/release on both targets")
                                                .formatted(first, timer.since()))
                        .orElse("");
    }

    private static String asking(@Nullable Trouble trouble, int attempt) {
        if (trouble == null) {
            return "";
        }
        boolean stalls =
                trouble.alarmed()
                        || switch (trouble.kind()) {
                            case MISTAKE -> true;
                            case SILENCE, DIFFICULTY, STALE -> attempt > ATTEMPTS;
                        };
        return stalls ? trouble.because() : "";
    }

    private static String waiting(Awaited awaited) {
        return switch (awaited) {
            case Awaited.Interval(Awaited.Reason.Inconclusive(var because)) -> because;
            case Awaited.PrimaryAgain _ -> "the primary does not serve, the canary has all traffic";
            case Awaited.PrimaryForRollback _ ->
                    "the rollback waits with traffic where it is, since the primary does not serve";
            case Awaited.Interval _,
                    Awaited.Drained _,
                    Awaited.FirstPrimary _,
                    Awaited.FoundTarget _,
                    Awaited.OpenGate _,
                    Awaited.Turn _,
                    Awaited.GroupReady _,
                    Awaited.FreezeEnd _,
                    Awaited.FirstStep _,
                    Awaited.Decision _,
                    Awaited.ReadyCanary _,
                    Awaited.ReadyPrimary _,
                    Awaited.CanaryAgain _,
                    Awaited.PromotedPrimary _,
                    Awaited.StepBack _,
                    Awaited.Release _ ->
                    "";
        };
    }
}
