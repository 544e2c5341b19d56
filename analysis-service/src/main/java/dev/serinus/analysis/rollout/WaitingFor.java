package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.RolloutEvent.Problem;

import java.util.stream.Collectors;

/** What a rollout waits for, in words for people. */
final class WaitingFor {

    private WaitingFor() {}

    static String of(Rollout r) {
        if (!r.problems().isEmpty() && r.spec() == null) {
            return "a spec that obeys every rule: " + problems(r);
        }
        if (r.held()) {
            return held(r);
        }
        return switch (r.stage()) {
            case Stage.Asking(
                            Question.AskForRollback(
                                    var _,
                                    var _,
                                    Next.ShiftAgain(var _, var _, var trouble)),
                            var _)
                    when trouble != null ->
                    trouble.because();
            case Stage.Asking(var question, var ask) ->
                    ask.trouble() == null
                            ? asked(question)
                            : ask.trouble().because() + untilLimit(r);
            case Stage.Waiting(var awaited, var _) -> awaited(r, awaited);
            case Stage.InitializationFailed(var because) ->
                    "the primary is to become ready, or the target to get a newer template: "
                            + because;
            case Stage.Resting _ ->
                    NotReady.isGoneAtRest(r) ? "the target to be there: " + NotReady.gone(r) : "";
            case Stage.Unknown _, Stage.Terminated _, Stage.Gone _ -> "";
        };
    }

    /** The mistakes of a manifest, each with its path. */
    static String problems(Rollout r) {
        return r.problems().stream()
                .map((Problem one) -> one.path() + ": " + one.message())
                .collect(Collectors.joining("; "));
    }

    private static String held(Rollout r) {
        var pause = r.pause();
        return pause == null
                ? "spec.suspend to be taken away"
                : "resume, since it was paused by %s%s"
                        .formatted(
                                pause.by(), pause.reason().isBlank() ? "" : ": " + pause.reason());
    }

    private static String asked(Question question) {
        return switch (question) {
            case Question.CopyFirst _ -> "the primary gets the newer template";
            case Question.Retreat(var from) when from == Part.INITIALIZATION ->
                    "traffic is to come back from the canary of the target before";
            case Question.Retreat _ -> "the canary is to serve again";
            case Question.Rescue _ -> "the primary is to serve again";
            case Question.Restore _ -> "the target is to serve again";
            case Question.StartBaseline _ -> "the baseline is to be started again";
            case Question.Availability _,
                    Question.Initialize _,
                    Question.TakeOver _,
                    Question.Adopt _,
                    Question.Reshape _,
                    Question.Reroute _,
                    Question.ClearBeforeRun _,
                    Question.ScaleUp _,
                    Question.ClearForRestart _,
                    Question.Shift _,
                    Question.StopBaseline _,
                    Question.Metrics _,
                    Question.CallHook _,
                    Question.AskForRollback _,
                    Question.Copy _,
                    Question.RouteBack _,
                    Question.ScaleDown _,
                    Question.RollBack _,
                    Question.ScaleDownFailed _ ->
                    "";
        };
    }

    private static String awaited(Rollout r, Awaited awaited) {
        return switch (awaited) {
            case Awaited.FirstPrimary _, Awaited.PromotedPrimary _, Awaited.ReadyPrimary _ ->
                    "the primary is to become ready";
            case Awaited.FoundTarget _ -> "the target is to be seen";
            case Awaited.OpenGate gate ->
                    switch (gate.point()) {
                        case START -> "approval by " + gate.by() + closed(r);
                        case ADVANCE -> "approval of more traffic by " + gate.by() + closed(r);
                        case PROMOTE -> "approval of the promotion by " + gate.by() + closed(r);
                    };
            case Awaited.Turn _ -> turn(r);
            case Awaited.GroupReady _ -> GroupPermits.words(r);
            case Awaited.FreezeEnd(var _, var freeze) -> freeze.words();
            case Awaited.ReadyCanary _ -> missing(r, Baseline.orCanary(r) + " is to become ready");
            case Awaited.FirstStep _ -> "the end of spec.analysis.delay";
            case Awaited.Decision _ -> decision(r);
            case Awaited.CanaryAgain _ -> missing(r, Baseline.orCanary(r) + " is to serve again");
            case Awaited.PrimaryAgain _, Awaited.PrimaryForRollback _ ->
                    "the primary is to serve again";
            case Awaited.Interval(var reason) ->
                    switch (reason) {
                        case Awaited.Reason.Arrived _ -> "";
                        case Awaited.Reason.AfterFailure _ -> "another try after a failed check";
                        case Awaited.Reason.NotSteady _ ->
                                "an interval in which the canary stays ready";
                        case Awaited.Reason.Samples(var because) -> "more samples: " + because;
                        case Awaited.Reason.Inconclusive(var because) ->
                                "a metric that can be judged: " + because;
                        case Awaited.Reason.Undecided _ -> undecided(r);
                    };
            case Awaited.Drained _ -> late(r);
            case Awaited.StepBack _, Awaited.Release _ -> "";
        };
    }

    /** The interval of the drain may be over, and the canary kept. */
    private static String late(Rollout r) {
        var primary = r.primary();
        return primary == null || primary.because().isEmpty()
                ? ""
                : "the primary is to be ready again: " + primary.because();
    }

    private static String turn(Rollout r) {
        return place(r) + WaveTimeouts.limit(r).map(end -> ", until " + end).orElse("");
    }

    private static String place(Rollout r) {
        var permit = Permits.of(r);
        if (permit == null || permit.because().isEmpty()) {
            return Permits.behind(r)
                    .map(
                            first ->
                                    first
                                            + " to be promoted with this release: nothing is known"
                                            + " of it yet")
                    .orElse("a budget");
        }
        return permit.behind() != null
                ? permit.because()
                : "a budget: %s; place %d in the line".formatted(permit.because(), permit.place());
    }

    private static String undecided(Rollout r) {
        return Undecided.of(r)
                .map(
                        it ->
                                "resume, promote or abort, or %s, until %s: %s"
                                        .formatted(it.out(), it.until(), it.words()))
                .orElse("");
    }

    private static String decision(Rollout r) {
        var failure = r.run().failure();
        return failure == null
                ? ""
                : "%s, until %s, when it is taken back: %s"
                        .formatted(
                                HeldFailure.ways(r, failure),
                                HeldFailure.until(r, failure),
                                failure.because());
    }

    /** Since when, and until when where that is limited. */
    private static String closed(Rollout r) {
        var since = r.run().gateClosedSince();
        return (since == null ? "" : ", since " + since) + untilLimit(r);
    }

    private static String untilLimit(Rollout r) {
        return GateTimeouts.limit(r).map(end -> ", until " + end).orElse("");
    }

    /** A config that is not there is named: pods that cannot start wait for it. */
    private static String missing(Rollout r, String otherwise) {
        var target = r.target();
        return target == null || target.missingConfigs().isEmpty()
                ? otherwise
                : otherwise + ": missing " + String.join(", ", target.missingConfigs());
    }
}
