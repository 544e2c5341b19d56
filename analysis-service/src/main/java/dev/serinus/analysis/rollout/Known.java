package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Rollout.Counters;
import dev.serinus.analysis.rollout.RolloutEvent.CanarySeen;
import dev.serinus.analysis.rollout.RolloutEvent.RouterAnswered;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.schemas.canary.Weight;

/** Notes what an event says, before anything is decided upon it. */
final class Known {

    private Known() {}

    /**
     * Another object of the same name is another canary, of which nothing is known yet. One whose
     * claim is gone, or that comes back, was somebody else's meanwhile: it is met as unknown,
     * whatever we remember, and only numbers go on, since none may be used twice.
     */
    static TransitionBuilder of(TransitionBuilder t, CanarySeen seen) {
        Rollout r = t.now();
        if (isAnother(r, seen.uid()) || r.gone()) {
            return another(t, seen.uid());
        }
        boolean lost =
                r.manifest().claimed() && Boolean.FALSE.equals(seen.claimed()) && !seen.deleting();
        return lost ? forgotten(t) : t;
    }

    /** True for another object, and for one that others had. */
    static boolean isAnother(Rollout r, String uid) {
        return !uid.equals(r.uid()) || r.mayReturn();
    }

    /** Nothing is known of it, but for the numbers of an object that came back. */
    static TransitionBuilder another(TransitionBuilder t, String uid) {
        Rollout r = t.now();
        if (r.mayReturn() && uid.equals(r.uid())) {
            return TransitionBuilder.of(numbersOf(r), t.at());
        }
        // Nor is an action taken twice because the object was made again meanwhile.
        return TransitionBuilder.of(
                Rollout.of(r.canary()).answered(r.answered()).with(Permits.ofNextLife(r)), t.at());
    }

    private static TransitionBuilder forgotten(TransitionBuilder t) {
        Rollout r = t.now();
        if (DryRun.isOn(r)) {
            return TransitionBuilder.of(DryRun.ended(r).with(Manifest.NONE), t.at());
        }
        var kept = numbersOf(r).withPause(r.pause());
        // What was seen of the cluster is so still, and nobody says it again.
        var seen = r.target() == null ? kept : kept.withTarget(r.target());
        var both = r.primary() == null ? seen : seen.withPrimary(r.primary());
        return TransitionBuilder.of(both.withBaseline(r.baseline()), t.at());
    }

    /** Nothing but what may not be used twice, and who binds it. */
    private static Rollout numbersOf(Rollout r) {
        return Rollout.of(r.canary())
                .with(r.counters())
                .with(Run.past(r.run().number(), ""))
                .answered(r.answered())
                .with(Permits.ofNextLife(r));
    }

    /** The target as it is now, and how long it was not ready. */
    static TransitionBuilder target(TransitionBuilder t, Workload target) {
        Workload before = t.now().target();
        var noted =
                DryRun.isOn(t.now())
                        ? DryRun.target(t, target)
                        : t.with(
                                t.now()
                                        .with(configsFirstKnown(t, target))
                                        .withTarget(PodConfigs.seen(t.now(), target)));
        Run run = noted.now().run();
        boolean grows = before != null && target.desired() > before.desired();
        boolean counts = noted.stage().part() == Part.ANALYSIS;
        var counted = counts ? noted.with(run.with(Baseline.seen(noted, !grows))) : noted;
        return numbers(counted, target);
    }

    /** A run of which nobody said which configs it has is of those that are seen first. */
    private static Run configsFirstKnown(TransitionBuilder t, Workload target) {
        Run run = t.now().run();
        boolean first = run.configs() == null && target.configs() != null;
        return first && !t.now().phase().rests() && target.revision().equals(run.revision())
                ? run.about(target)
                : run;
    }

    /** The baseline as it is now: not ready is as if the canary were not. */
    static TransitionBuilder baseline(TransitionBuilder t, Workload baseline) {
        if (DryRun.isOn(t.now())) {
            return DryRun.baseline(t, baseline);
        }
        Workload before = t.now().baseline();
        var noted = t.with(t.now().withBaseline(baseline));
        Run run = noted.now().run();
        boolean grows = before == null || baseline.desired() > before.desired();
        boolean counts = run.hasBaseline() && noted.stage().part() == Part.ANALYSIS;
        var counted = counts ? noted.with(run.with(Baseline.seen(noted, !grows))) : noted;
        // What pods say that fail, or are about to, is no measure of the canary.
        var compared =
                counts && !grows && !baseline.servesReady()
                        ? counted.with(counted.now().run().comparingAnew())
                        : counted;
        return numbers(compared, baseline);
    }

    static TransitionBuilder primary(TransitionBuilder t, Workload primary) {
        return numbers(
                DryRun.isOn(t.now())
                        ? DryRun.primary(t, primary)
                        : t.with(t.now().withPrimary(primary)),
                primary);
    }

    /** Numbers found on objects are taken up, so that a lost store never goes back in time. */
    private static TransitionBuilder numbers(TransitionBuilder t, Workload workload) {
        Counters c = t.now().counters();
        var stepped =
                workload.step() > c.step()
                        ? t.with(
                                t.now()
                                        .with(
                                                new Counters(
                                                        workload.step(),
                                                        c.announced(),
                                                        c.sequence())))
                        : t;
        Run run = t.now().run();
        // The history of a run that is not known here has its own numbers. A run that is under way
        // is not
        // renamed by what an object carries: a command that is stale for it says so.
        boolean runs =
                t.now().stage().part() == Part.START || t.now().stage().part() == Part.ANALYSIS;
        return workload.run() > run.number() && t.now().phase().rests() && !runs
                ? stepped.with(Run.past(workload.run(), run.revision()))
                : stepped;
    }

    /** The split that the route shows. */
    static TransitionBuilder route(
            TransitionBuilder t, Question.OfRouter question, RouterAnswered answer) {
        var cookies = t.with(t.now().with(t.now().cookies().after(answer.cookies())));
        var read = answer.read();
        if (read == null) {
            return cookies;
        }
        Weight weight = read.canaryWeight();
        boolean adopts = question instanceof Question.Adopt;
        var asked = Questions.split(t.now(), question);
        boolean matched = adopts ? t.spec().matches(weight) : asked.matched();
        // A share that nobody asked for is the Canary's own, and is none of the plan's.
        boolean grows = adopts ? t.spec().strategy().copies() != null : asked.copies() != null;
        return cookies.with(
                cookies.now()
                        .traffic()
                        .at(
                                new Split(
                                        weight,
                                        read.mirrored(),
                                        matched && weight.isAny(),
                                        read.baseline(),
                                        grows ? read.copies() : null)));
    }
}
