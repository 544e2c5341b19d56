package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.Rollout.Counters;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.analysis.rollout.plan.Stop;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.Point;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A run from the first sight of a new revision to a target that was scaled up. */
final class Start {

    private Start() {}

    /**
     * At rest: does what the target shows ask for a run? Whoever is met for the first time is what
     * others are compared with.
     */
    static TransitionBuilder consider(TransitionBuilder t) {
        Workload target = t.now().target();
        if (target == null || t.now().manifest().deleting() || t.now().held()) {
            return t;
        }
        if (!target.exists()) {
            return t.warnOnce(NotReady.gone(t.now()));
        }
        KnownRevisions b = t.now().revisions();
        if (b.applied() == null) {
            return t.with(first(t, target, b));
        }
        boolean promotedAgain = Revisions.isPromoted(t.now(), target);
        if (t.now().requests().asksToReset()) {
            return reset(t, t.now().phase() == Phase.FAILED && !promotedAgain);
        }
        if (Revisions.isDue(t.now())) {
            return t.then(new Next.Run());
        }
        // Reverted at rest: not a run, but the revision that was left may come again.
        return promotedAgain && !target.revision().equals(b.applied())
                ? t.with(b.reverted(b.configs(), b.promotedConfigs()))
                : t.with(configsFirstKnown(t, target, b));
    }

    /** Nobody said which configs there are, as while their tracking was switched off. */
    private static KnownRevisions configsFirstKnown(
            TransitionBuilder t, Workload target, KnownRevisions b) {
        boolean promoted = t.now().phase() != Phase.FAILED && Revisions.isPromoted(t.now(), target);
        return b.knowing(target.configs(), promoted);
    }

    /**
     * Somebody gave the target pods at rest, which GitOps does that has a number of replicas in the
     * manifest. They get no traffic, but work on queues, say, as nobody has analysed them. Of one
     * that is made anew nobody said how many it has, and not every kind has pods.
     *
     * @param before the target as it was seen before; null where it was not
     */
    static TransitionBuilder tellOfPods(TransitionBuilder t, @Nullable Workload before) {
        Workload target = t.now().target();
        boolean rests =
                t.now().spec() != null
                        && t.stage() instanceof Stage.Resting
                        && !t.now().traffic().canaryWeight().isAny()
                        && !Revisions.isDue(t.now());
        if (!rests || before == null || target == null) {
            return t;
        }
        boolean hadNone = before.exists() && before.desired() == 0;
        return hadNone && target.desired() > 0 && t.spec().target().hasPods()
                ? t.warning(
                        "%s was given %d pods though nothing is released: they run without traffic until the end of the next run; leave the number of replicas out of its manifest"
                                .formatted(t.target(), target.desired()))
                : t;
    }

    /** At rest: a failed revision is tried again, and of any other there is nothing to forget. */
    private static TransitionBuilder reset(TransitionBuilder t, boolean failed) {
        var done = t.with(t.now().resetDone());
        return failed
                ? done.normal(resetWords(t)).then(new Next.Run())
                : done.then(new Next.Reshape());
    }

    static String resetWords(TransitionBuilder t) {
        return "Analysis of %s starts over, as the annotation %s asks"
                .formatted(t.target(), Requests.RESET);
    }

    /** Met at rest without a target: the one that appears is what others are compared with. */
    private static KnownRevisions first(TransitionBuilder t, Workload target, KnownRevisions b) {
        boolean failed = t.now().phase() == Phase.FAILED;
        return new KnownRevisions(
                target.revision(),
                failed ? b.promoted() : target.revision(),
                b.appliedText() == null ? target.revision() : b.appliedText(),
                b.promotedText() == null && !failed ? target.revision() : b.promotedText(),
                target.configs(),
                failed ? b.promotedConfigs() : target.configs());
    }

    /** A run of what the target shows. */
    static TransitionBuilder run(TransitionBuilder t) {
        Workload target =
                Objects.requireNonNull(t.now().target(), "a run is of a target that was seen");
        var begun = begun(Permits.givenBack(t), target);
        var found = foundHeld(t.now().run(), target);
        if (found != null) {
            return HeldFailure.again(begun.with(Phase.WAITING), found);
        }
        return begun.now().traffic().canaryWeight().isAny() && !begun.now().run().stays()
                // Nobody meets a revision because an earlier one failed late.
                ? begun.ask(new Question.ClearBeforeRun())
                : begun.then(new Next.AskToStart());
    }

    /** The gate of this run stayed closed before it was handed over, and people are to decide. */
    private static Run.@Nullable Failure foundHeld(Run before, Workload target) {
        return before.startedAt() == null && before.revision().equals(target.revision())
                ? before.failure()
                : null;
    }

    private static TransitionBuilder begun(TransitionBuilder t, Workload target) {
        Counters c = t.now().counters();
        var run =
                Run.of(
                        t.now().run().number() + 1,
                        target,
                        stops(t),
                        0,
                        t.spec().strategy().stepWeightPromotion(),
                        t.at());
        return returning(
                t.with(t.now().with(run).with(new Counters(c.step(), c.announced(), 0)))
                        .happened(
                                "RevisionDetected",
                                "Revision " + target.revision() + " is to be rolled out."),
                target);
    }

    /** What was promoted before was analysed before. */
    private static TransitionBuilder returning(TransitionBuilder t, Workload target) {
        var to = ReturnWindow.of(t.now(), target, t.at()).orElse(null);
        if (to == null) {
            return t.now().run().returnsTo() == null ? t : t.with(t.now().run().returning(null));
        }
        String words =
                "Revision %s of %s was promoted%s: its analysis is skipped, as rollbackWindow says"
                        .formatted(
                                target.revision(),
                                t.target(),
                                to.at() == null ? " before" : " at " + to.at());
        return t.with(t.now().run().returning(to)).normal(words).happened("Returning", words);
    }

    /**
     * With a primary that does not serve, traffic stays where an earlier run left it, and is judged
     * there. One that serves with some of its pods, as after a failed promotion, is the last good.
     */
    private static List<Stop> stops(TransitionBuilder t) {
        Weight weight = t.now().traffic().canaryWeight();
        Workload primary = t.now().primary();
        return weight.isAny() && (primary == null || !primary.serves())
                ? List.of(new Stop(Split.of(weight), 0, 0, Stop.Kind.STAY))
                : t.spec().stops();
    }

    /**
     * The gate is asked and the target goes on changing: the run is for what it shows when it
     * opens.
     */
    static TransitionBuilder follow(TransitionBuilder t) {
        Workload target = t.now().target();
        if (target == null || !target.exists()) {
            return target == null ? t : t.warnOnce(NotReady.gone(t.now()));
        }
        boolean held = HeldFailure.waits(t.now());
        boolean another = Revisions.superseded(t.now());
        // Whoever opened the gate has not seen this one.
        var run = another ? t.now().run().passing(Point.START) : t.now().run();
        var about = t.with(run.about(target));
        // Whoever kept the gate closed has not been asked about this one.
        var on = held && another ? HeldFailure.resumed(about) : about;
        return another ? returning(on, target) : on;
    }

    /**
     * The target shows again what was promoted, in place of what the run is about: there is nothing
     * that anybody should approve.
     */
    static boolean isTakenBack(Rollout r) {
        return r.stage().part() == Part.START && Revisions.superseded(r) && isPromotedAgain(r);
    }

    /** The same once the run follows the target, whose primary was not seen with it yet. */
    static boolean isPromotedAgain(Rollout r) {
        return Revisions.reverted(r) && !DryRun.isOn(r) && !r.run().stays();
    }

    /**
     * Nothing is there that has to be taken away. A run that began anew and waits for its turn has
     * pods of the one before.
     */
    static boolean hasBegunNothing(Rollout r) {
        Workload target = r.target();
        Workload baseline = r.baseline();
        return r.traffic().split().equals(Split.PRIMARY)
                && (target == null || target.desired() == 0)
                && (baseline == null || !baseline.exists());
    }

    /** It rests as it did before the run. */
    static TransitionBuilder takenBack(TransitionBuilder t) {
        var run = t.now().run();
        var known = t.now().revisions();
        boolean failed = known.applied() != null && !known.applied().equals(known.promoted());
        Phase before =
                failed ? Phase.FAILED : run.number() > 1 ? Phase.SUCCEEDED : Phase.INITIALIZED;
        var told =
                Permits.givenBack(t.with(t.now().requestsOfRunDone()))
                        .normal(
                                "Revision of %s withdrawn! Nothing of its release was begun"
                                        .formatted(t.target()))
                        .chat(
                                Severity.INFO,
                                "The revision was withdrawn, the primary serves as before.")
                        .happened(
                                "Withdrawn",
                                "The target shows what the primary runs; nothing was begun.");
        String promoted = known.promoted() == null ? run.revision() : known.promoted();
        return told.with(before).with(Run.past(run.number(), promoted)).then(new Next.Rest());
    }

    /** The gate is open. */
    static TransitionBuilder scaleUp(TransitionBuilder t) {
        return pods(
                follow(t)
                        .tell(
                                false,
                                "New revision detected! Scaling up " + t.target(),
                                Phase.PROGRESSING)
                        .chatWithPlan(
                                Severity.INFO,
                                "New revision detected, progressing canary analysis."));
    }

    /** Pods that began with earlier configs go first. */
    static TransitionBuilder pods(TransitionBuilder t) {
        if (PodConfigs.hasNone(t.now().target())) {
            return podsBegin(t);
        }
        return t.ask(PodConfigs.areOutdated(t.now()) ? Question.ScaleUp.DOWN : Question.ScaleUp.UP);
    }

    /** None is left of those that began with earlier configs. */
    private static TransitionBuilder podsBegin(TransitionBuilder t) {
        return (PodConfigs.areOutdated(t.now())
                        ? t.with(t.now().revisions().begunWith(t.now().run().configs()))
                        : t)
                .ask(Question.ScaleUp.UP);
    }

    /** The target was scaled down: others begin when its pods are gone. */
    static TransitionBuilder stopped(TransitionBuilder t) {
        var done =
                t.stage() instanceof Stage.Asking(var _, var ask)
                        ? t.with(PodConfigs.unseenSince(t.now(), ask.step()))
                        : t;
        return done.with(Phase.PROGRESSING)
                .normal(
                        "Starting the pods of %s anew, since configs that they began with were edited"
                                .formatted(t.target()))
                .awaitQuietly(new Awaited.ReadyCanary(), t.at().plus(t.spec().progressDeadline()));
    }

    /** Pods were to go: are they gone? */
    static TransitionBuilder lookAtPods(TransitionBuilder t) {
        return PodConfigs.haveGone(t.now().target()) ? podsBegin(t) : t;
    }

    /** They are there still: whoever starts them again has won, or they hang. */
    static TransitionBuilder podsStay(TransitionBuilder t) {
        String words = "pods of %s that began with earlier configs do not go".formatted(t.target());
        return t.now().held()
                ? t.warnOnce(words).await(new Awaited.ReadyCanary(), t.spec().progressDeadline())
                : HeldFailure.failed(
                        t.warnOnce(words),
                        "progress deadline exceeded " + words,
                        "Progress deadline exceeded " + words,
                        "progress deadline exceeded: " + words);
    }

    /** The target was scaled up: from here on it is under analysis. */
    static TransitionBuilder scaledUp(TransitionBuilder t) {
        return started(t).happened("Started", "The target was scaled up.");
    }

    private static TransitionBuilder started(TransitionBuilder t) {
        return started(t, t.now().run().configs());
    }

    /**
     * @param podConfigs what the target's pods began with
     */
    private static TransitionBuilder started(
            TransitionBuilder t, @Nullable Map<String, String> podConfigs) {
        Run run = t.now().run();
        boolean ready = Baseline.isPairReady(t.now());
        return t.with(t.now().revisions().applied(run.revision(), podConfigs))
                .with(t.now().traffic().uncounted())
                .with(run.with(run.readiness().anew(ready, t.at())))
                .with(Phase.PROGRESSING);
    }

    /** Others are to be promoted first, with this revision as well: it begins as any other run. */
    private static TransitionBuilder inTurn(TransitionBuilder begun) {
        return begun.now().run().stays()
                ? begun.then(new Next.AskToStart())
                : begun.ask(new Question.ClearBeforeRun());
    }

    /**
     * A newer revision in the middle of a run: traffic goes back first, then the analysis begins
     * again. Its gate is not asked again, as in Flagger: the canary meets nobody until the next one
     * is. Where it waits for other canaries, it does so again.
     */
    static TransitionBuilder restart(TransitionBuilder t) {
        Workload target =
                Objects.requireNonNull(t.now().target(), "superseded by a target that was seen");
        boolean scaling =
                t.stage().question() instanceof Question.ScaleUp
                        || (t.stage().awaited() instanceof Awaited.ReadyCanary
                                && PodConfigs.areOutdated(t.now()));
        var podConfigs = PodConfigs.atRestart(t.now(), target);
        boolean waits = Revisions.superseded(t.now()) && !AwaitedPromotions.of(t.now()).isEmpty();
        var told =
                Revisions.superseded(t.now())
                        ? t.with(t.now().requestsOfRunDone())
                                .normal(
                                        "New revision detected! Restarting analysis for "
                                                + t.target())
                                .happened(
                                        "Restarted",
                                        "Revision " + target.revision() + " supersedes it.")
                        : t.now().requests().asksToReset()
                                ? t.with(t.now().resetDone())
                                        .normal(resetWords(t))
                                        .happened("Restarted", resetWords(t))
                                // Who asked for it was told.
                                : t;
        if (waits && !DryRun.isOn(t.now())) {
            return inTurn(begun(Permits.givenBack(told), target));
        }
        var begun = started(begun(told, target), podConfigs);
        if (scaling) {
            return pods(begun);
        }
        return begun.now().run().stays()
                ? begun.then(new Next.AwaitCanary())
                : begun.ask(new Question.ClearForRestart());
    }
}
