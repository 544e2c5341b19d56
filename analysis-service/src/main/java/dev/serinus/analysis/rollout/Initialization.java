package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.judge.Measurement;
import dev.serinus.analysis.rollout.tell.Severity;

import java.util.List;

/**
 * From the first sight of a Canary to rest: the primary is made, seen ready, and only then given
 * the traffic. And the shape of an edited manifest, which is made the same way.
 */
final class Initialization {

    /** An event is read by people; each may be long. */
    private static final int MOST_TROUBLES = 5;

    private Initialization() {}

    static TransitionBuilder begin(TransitionBuilder t) {
        return t.spec().skipAnalysis()
                ? t.ask(new Question.Initialize())
                : t.ask(new Question.Availability());
    }

    /** Said and gone on: a metrics server may come later, and every check asks it anew. */
    static TransitionBuilder available(TransitionBuilder t, List<Measurement> measurements) {
        var troubles =
                measurements.stream()
                        .filter(one -> one.outcome() != Measurement.Outcome.VALUE)
                        .map(Measurement::because)
                        .distinct()
                        .toList();
        var told =
                troubles.isEmpty()
                        ? t.normal("all the metrics providers are available!")
                        : t.warning(words(joined(troubles)));
        return told.then(new Next.Create());
    }

    private static String joined(List<String> troubles) {
        int others = troubles.size() - MOST_TROUBLES;
        String told = String.join("; ", troubles.stream().limit(MOST_TROUBLES).toList());
        return others > 0 ? "%s; and %d more".formatted(told, others) : told;
    }

    static TransitionBuilder unanswered(TransitionBuilder t) {
        return t.warning(words("nobody answered in time")).then(new Next.Create());
    }

    private static String words(String because) {
        return "Error checking metric providers: " + because;
    }

    /** The primary is there. */
    static TransitionBuilder created(TransitionBuilder t) {
        return t.await(new Awaited.FirstPrimary(null), t.spec().progressDeadline());
    }

    /** Looks whether the first primary is ready. */
    static TransitionBuilder look(TransitionBuilder t) {
        var target = t.now().target();
        var primary = t.now().primary();
        if (target == null || primary == null) {
            return t;
        }
        if (primary.servesReady()) {
            return t.then(new Next.TakeOver());
        }
        boolean failed = t.stage() instanceof Stage.InitializationFailed;
        if (failed && t.now().requests().asksToReset() && !t.now().held()) {
            return t.with(t.now().resetDone()).then(new Next.Initialize());
        }
        if (primary.stuck() && !failed) {
            return late(t, primary.because());
        }
        String because = NotReady.because(t, primary);
        return failed || because.isEmpty() ? t : t.warnOnce(NotReady.primary(t, because));
    }

    /**
     * The target got a newer template before the primary was ever ready: the way out of a bad first
     * image.
     */
    static TransitionBuilder targetChanged(TransitionBuilder t) {
        var target = t.now().target();
        var primary = t.now().primary();
        boolean newer =
                target != null
                        && target.exists()
                        && primary != null
                        && primary.exists()
                        && !primary.servesReady()
                        && !primary.revision().isEmpty()
                        && !primary.revision().equals(target.revision());
        return newer ? t.then(new Next.CopyFirst()) : t;
    }

    static TransitionBuilder late(TransitionBuilder t) {
        var primary = t.now().primary();
        return late(t, primary == null ? "it was not seen" : NotReady.because(t, primary));
    }

    /**
     * Told once, and nothing is moved: the target goes on serving. Flagger scales it down here,
     * with the apex still leading to it.
     */
    private static TransitionBuilder late(TransitionBuilder t, String because) {
        return failed(
                t.warnOnce(NotReady.primary(t, because))
                        .with(new Stage.InitializationFailed(because)),
                "primary not ready: " + because,
                "The primary did not become ready in time; the %s goes on serving: %s"
                        .formatted(
                                hasFormerPrimary(t.now()) ? "primary of before" : "target",
                                because));
    }

    /** True where that of another target leads traffic until this one's does. */
    static boolean hasFormerPrimary(Rollout r) {
        return r.phase() == Phase.INITIALIZING && r.revisions().promoted() != null;
    }

    private static TransitionBuilder failed(TransitionBuilder t, String because, String happened) {
        var primary = t.now().primary();
        var told = t.warning(NotReady.initializationFailed(t));
        // A pool of nodes that is at none is nobody's mistake: it goes on when there is one.
        return (primary != null && NotReady.hasNoNode(t, primary)
                        ? told
                        : told.chat(Severity.ERROR, "Initialization failed, " + because))
                .happened("InitializationFailed", happened);
    }

    /** The router could not lead traffic to it yet, and meanwhile the primary went. */
    static boolean waitsForPrimary(Rollout r) {
        Workload primary = r.primary();
        return r.stage() instanceof Stage.Asking(Question.TakeOver _, var ask)
                && ask.refused() > 0
                && primary != null
                && !primary.serves();
    }

    /**
     * It is to become ready again, or gets what the target shows by now. One that comes and goes
     * has the time of one wait for all of that.
     */
    static TransitionBuilder awaitPrimary(TransitionBuilder t) {
        var lost =
                t.stage().question() instanceof Question.TakeOver(var before) && before != null
                        ? before
                        : t.at();
        var due = lost.plus(t.spec().progressDeadline());
        return targetChanged(
                t.stay(new Awaited.FirstPrimary(lost), lost, due.isBefore(t.at()) ? t.at() : due));
    }

    /** Traffic goes to a primary that serves, whatever was so when this was decided. */
    static TransitionBuilder takeOver(TransitionBuilder t) {
        var primary = t.now().primary();
        var lost = t.stage().awaited() instanceof Awaited.FirstPrimary(var before) ? before : null;
        return primary != null && primary.servesReady()
                ? t.ask(new Question.TakeOver(lost))
                : created(t);
    }

    static TransitionBuilder takenOver(TransitionBuilder t, String copied) {
        var target = t.now().target();
        var primary = t.now().primary();
        String shown = primary == null ? "" : primary.revision();
        String otherwise = target == null ? "" : target.revision();
        String revision = !copied.isEmpty() ? copied : !shown.isEmpty() ? shown : otherwise;
        return t.with(Traffic.NONE)
                .with(
                        KnownRevisions.of(revision, target == null ? null : target.configs())
                                .releasing(Released.of(target, revision, t.at())))
                .with(Run.past(t.now().run().number(), revision))
                .with(Phase.INITIALIZED)
                .with(new Stage.Resting())
                .normal("Initialization done! " + t.canary())
                .chatWithPlan(
                        Severity.INFO,
                        "New " + t.spec().target().kind() + " detected, initialization completed.")
                .happened("Initialized", "The primary serves; the target was scaled down.")
                .then(new Next.Rest());
    }

    /** Tells of a manifest that breaks the rules: in the condition Accepted and in an event. */
    static TransitionBuilder rejected(TransitionBuilder t) {
        if (t.now().problems().isEmpty()) {
            return t;
        }
        String text = "invalid canary spec: " + WaitingFor.problems(t.now());
        return t.warning(text).happened("Rejected", text);
    }
}
