package dev.serinus.analysis.rollout;

import dev.serinus.analysis.rollout.RolloutEvent.HookAnswered;
import dev.serinus.analysis.rollout.judge.Check;
import dev.serinus.analysis.rollout.judge.Collected;
import dev.serinus.analysis.rollout.judge.Counted;
import dev.serinus.analysis.rollout.judge.Evidence;
import dev.serinus.analysis.rollout.judge.Judge;
import dev.serinus.analysis.rollout.judge.JudgementSummary;
import dev.serinus.analysis.rollout.judge.Measurement;
import dev.serinus.analysis.rollout.judge.Verdict;
import dev.serinus.analysis.rollout.plan.Exposure;
import dev.serinus.analysis.rollout.plan.Plan;
import dev.serinus.analysis.rollout.plan.Split;
import dev.serinus.analysis.rollout.plan.Stop;
import dev.serinus.analysis.rollout.tell.Severity;
import dev.serinus.schemas.canary.Weight;
import dev.serinus.schemas.hook.HookType.Meaning;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** From stop to stop: one interval at each, then hooks and metrics, then on. */
final class Analysis {

    /**
     * After so many progress deadlines without a verdict the run fails; people are told after one.
     */
    static final int INCONCLUSIVE_DEADLINES = 2;

    private Analysis() {}

    // ---- readiness

    /** Waits until the canary is ready, for as long as its deadline allows. */
    static TransitionBuilder awaitCanary(TransitionBuilder t) {
        return waiting(t, new Awaited.ReadyCanary());
    }

    /** Traffic was taken from a canary that does not serve: it is to become ready. */
    static TransitionBuilder awaitCanaryAgain(TransitionBuilder t) {
        return waiting(t, new Awaited.CanaryAgain());
    }

    private static TransitionBuilder waiting(TransitionBuilder t, Awaited awaited) {
        if (Baseline.isMissing(t.now())) {
            return t.ask(new Question.StartBaseline(awaited instanceof Awaited.CanaryAgain));
        }
        Workload target = t.now().target();
        boolean begins =
                t.stage().question() instanceof Question.ScaleUp
                        || t.stage().question() instanceof Question.ClearForRestart;
        var told =
                begins || target == null || target.releasable() || !NotReady.says(target)
                        ? t
                        : t.warnOnce(NotReady.words(t, target));
        var lost = Baseline.seen(told, true);
        var noted = told.with(told.now().run().with(lost));
        var due = lost.deadline(t.spec().progressDeadline(), t.at());
        return begins ? noted.awaitQuietly(awaited, due) : noted.awaitUntil(awaited, due);
    }

    /** The canary was waited for: is it ready? */
    static TransitionBuilder lookAtCanary(TransitionBuilder t) {
        return lookAtCanary(t, false);
    }

    /** The same where traffic was taken from it. */
    static TransitionBuilder lookAtCanaryAgain(TransitionBuilder t) {
        return lookAtCanary(t, true);
    }

    private static TransitionBuilder lookAtCanary(TransitionBuilder t, boolean withoutTraffic) {
        Workload target = t.now().target();
        if (target == null) {
            return t;
        }
        if (Baseline.isPairReady(t.now())) {
            return withoutTraffic ? t.then(new Next.AskToAdvance()) : readyAgain(t);
        }
        if (Baseline.isMissing(t.now())) {
            return t.ask(new Question.StartBaseline(withoutTraffic));
        }
        return target.stuck() && !t.now().held() ? late(t, NotReady.words(t, target)) : t;
    }

    /** The primary was waited for: is it ready? */
    static TransitionBuilder lookAtPrimary(TransitionBuilder t) {
        Workload primary = t.now().primary();
        return primary != null && primary.servesReady() ? t.then(again(t.now())) : t;
    }

    /** The canary was not ready in time. Held, it may take longer: then only people are told. */
    static TransitionBuilder late(TransitionBuilder t, Awaited awaited) {
        Workload target = t.now().target();
        String because =
                target == null
                        ? "canary " + t.target() + " not ready: it was not seen"
                        : target.releasable() && !Baseline.isReady(t.now())
                                ? NotReady.baseline(t, t.now().baseline())
                                : NotReady.late(t, target);
        return t.now().held()
                ? t.warnOnce(because).await(awaited, t.spec().progressDeadline())
                : late(t, because);
    }

    private static TransitionBuilder late(TransitionBuilder t, String because) {
        return HeldFailure.failed(
                t.warnOnce(because),
                "progress deadline exceeded " + because,
                "Progress deadline exceeded " + because,
                "progress deadline exceeded: " + because);
    }

    // ---- a check

    /** The canary is ready, or the interval at a stop is over: what may stop it comes first. */
    static TransitionBuilder tick(TransitionBuilder before) {
        var t = Shortening.of(before);
        if (!Baseline.isPairReady(t.now())) {
            return t.then(new Next.AwaitCanary());
        }
        if (t.now().run().reached() > 0 && !t.now().run().readiness().steady()) {
            // Such an interval is judged by nobody, but whoever wants it taken back is heard.
            return Hooks.demand(t, new Next.AwaitCanary());
        }
        if (t.now().skipsAnalysis()) {
            return t.then(new Next.AskToPromote());
        }
        if (t.spec().delay() != null && isUntouched(t.now())) {
            return t.await(new Awaited.FirstStep(), t.spec().delay());
        }
        return ready(t);
    }

    /** Nothing was called, measured or moved in this run yet. */
    private static boolean isUntouched(Rollout r) {
        return r.run().reached() == 0 && r.traffic().failedChecks() == 0 && !r.run().stays();
    }

    /** The canary was left alone for as long as the manifest says. */
    static TransitionBuilder firstStep(TransitionBuilder t) {
        if (!Baseline.isPairReady(t.now())) {
            return t.then(new Next.AwaitCanary());
        }
        return t.now().skipsAnalysis() ? t.then(new Next.AskToPromote()) : ready(t);
    }

    /** What comes after something that is done behind the delay only, which is not spent twice. */
    static Next again(Rollout r) {
        return r.run().reached() == 0 ? new Next.FirstStep() : new Next.Tick();
    }

    private static TransitionBuilder ready(TransitionBuilder before) {
        var t = analysedAfterAll(before.with(before.now().run().askingAnew()));
        Workload primary = t.now().primary();
        if ((primary == null || !primary.servesReady()) && !t.now().run().stays()) {
            return primaryNotReady(t, primary);
        }
        return t.now().isBeyondThreshold() ? beyondThreshold(t) : Hooks.demand(t, new Next.Check());
    }

    private static TransitionBuilder beyondThreshold(TransitionBuilder t) {
        String words = "failed checks threshold reached " + t.now().traffic().failedChecks();
        return HeldFailure.failed(
                t,
                words,
                "Failed checks threshold reached " + t.now().traffic().failedChecks(),
                words);
    }

    /**
     * It waited for its promotion because nobody wanted an analysis, and now somebody does: the
     * gates of its steps are asked again.
     */
    private static TransitionBuilder analysedAfterAll(TransitionBuilder t) {
        boolean steps =
                t.now().run().next().filter(stop -> stop.kind() != Stop.Kind.SWITCH).isPresent();
        return steps && t.now().phase() == Phase.WAITING_PROMOTION ? t.with(Phase.PROGRESSING) : t;
    }

    /** A whole interval at this stop, in which the canary stays ready. */
    private static TransitionBuilder interval(TransitionBuilder t, Awaited.Reason reason) {
        if (HeldFailure.isOn(t.now())) {
            return t.then(new Next.AwaitDecision());
        }
        var run = t.now().run();
        return t.with(run.with(run.readiness().checking()))
                .await(new Awaited.Interval(reason), t.spec().interval());
    }

    /** The canary is ready again after it was not: what was measured meanwhile does not count. */
    private static TransitionBuilder readyAgain(TransitionBuilder t) {
        return t.now().run().reached() == 0
                ? t.then(new Next.Tick())
                : interval(t, new Awaited.Reason.NotSteady());
    }

    /**
     * A primary that runs what was promoted last is waited for. One left by a failed promotion does
     * not get better by waiting: a newer revision is its way out.
     */
    private static TransitionBuilder primaryNotReady(
            TransitionBuilder t, @Nullable Workload primary) {
        var told =
                t.warnOnce(
                        NotReady.primary(t, primary == null ? "not seen yet" : primary.because()));
        boolean lastGood =
                primary == null
                        || primary.revision().isEmpty()
                        || primary.revision().equals(t.now().revisions().promoted());
        return lastGood
                ? told.await(new Awaited.ReadyPrimary(), t.spec().progressDeadline())
                : withoutPrimary(told, "the last promotion to it failed");
    }

    /** The primary was not ready in time. Held, it may take longer. */
    static TransitionBuilder withoutPrimary(TransitionBuilder t) {
        if (t.now().held()) {
            return t.await(new Awaited.ReadyPrimary(), t.spec().progressDeadline());
        }
        Workload primary = t.now().primary();
        return withoutPrimary(t, primary == null ? "it was not seen" : primary.because());
    }

    /** The primary did not become ready: the run goes on against what serves. */
    private static TransitionBuilder withoutPrimary(TransitionBuilder t, String because) {
        if (t.now().isBeyondThreshold()) {
            return beyondThreshold(t);
        }
        Workload primary = t.now().primary();
        boolean serves = primary != null && primary.serves();
        String words =
                "%s not ready: %s; the analysis goes on %s"
                        .formatted(
                                t.primary(),
                                because,
                                serves
                                        ? "beside the pods of it that serve"
                                        : "with all traffic at the canary");
        var told =
                words.equals(t.now().run().alert())
                        ? t
                        : t.warning(words)
                                .alertOnce(words, words)
                                .happened("PrimaryNotReady", words);
        // Nobody serves at the primary and it does not come back: the canary, which is ready, gets
        // all
        // traffic and is judged there. Anything else would leave requests without an answer.
        var stay = new Stop(Split.of(100), 0, 0, Stop.Kind.STAY);
        return Hooks.demand(
                serves || !t.spec().routes() ? told : told.with(told.now().run().staying(stay)),
                new Next.Check());
    }

    /** Nobody demands a rollback. */
    static TransitionBuilder check(TransitionBuilder t) {
        if (t.now().run().reached() > 0) {
            return hooksFrom(t, new Meaning.Check(), Hooks.NONE_YET);
        }
        var told = starting(t);
        var noted =
                t.now().traffic().failedChecks() == 0
                        ? told.happened("AnalysisStarted", startingWords(t))
                        : told;
        return hooksFrom(noted, new Meaning.BeforeTraffic(), Hooks.NONE_YET);
    }

    /** Flagger says so at every attempt before there is any traffic. */
    private static TransitionBuilder starting(TransitionBuilder t) {
        return t.normal(startingWords(t));
    }

    private static String startingWords(TransitionBuilder t) {
        return "Starting canary analysis for " + t.target();
    }

    /** The gate before the first traffic was closed, and is asked again. */
    static TransitionBuilder startingAgain(TransitionBuilder t) {
        var run = t.now().run();
        boolean again =
                run.reached() == 0
                        && run.gateClosedSince() != null
                        && t.now().phase() == Phase.PROGRESSING;
        return again ? starting(t) : t;
    }

    /** Calls the hooks of a check, and goes on after the last. */
    static TransitionBuilder hooksFrom(TransitionBuilder t, Meaning meaning, int after) {
        return Hooks.after(t.spec(), meaning, after)
                .map(hook -> t.ask(Hooks.call(t.spec(), hook)))
                .orElseGet(
                        () ->
                                meaning instanceof Meaning.BeforeTraffic
                                        ? unasked(t, List.of())
                                                .orElseGet(() -> t.then(new Next.AskToAdvance()))
                                        : measure(t));
    }

    /**
     * A webhook of this check cannot be asked. The others and the metrics are, since they may fail
     * the check; it does not pass.
     */
    static TransitionBuilder withoutHook(TransitionBuilder t, String because) {
        return t.with(t.now().run().unasked(because, t.at()));
    }

    /** All else passed, and a webhook could not be asked: no verdict. Empty where all were. */
    private static Optional<TransitionBuilder> unasked(
            TransitionBuilder t, List<Evidence> evidence) {
        return Optional.ofNullable(t.now().run().doubt())
                .map(Run.Doubt::unasked)
                .map(because -> inconclusive(t, withoutVerdict(because), evidence));
    }

    private static Judge.Judgement withoutVerdict(String because) {
        return new Judge.Judgement(Verdict.INCONCLUSIVE, List.of(), because, null, null, Map.of());
    }

    /** Asks for all metrics, or passes where there are none. */
    static TransitionBuilder measure(TransitionBuilder t) {
        return t.spec().checks().isEmpty()
                ? passed(t, List.of())
                : collecting(t, t.now().run().collected()).ask(new Question.Metrics());
    }

    /**
     * Where there are two sides to compare, by what is known of them; null for a window that begins
     * now.
     */
    private static TransitionBuilder collecting(TransitionBuilder t, @Nullable Collected known) {
        var run = t.now().run();
        if (DryRun.isOn(t.now()) || !t.spec().compares() || !uncompared(t.now()).isEmpty()) {
            return t.with(run.comparingAnew());
        }
        return known == null
                ? t.with(run.comparingAnew().collecting(Collected.from(t.at())))
                : t.with(run.collecting(known));
    }

    /** What both sides said while they had other shares is no measure of the present ones. */
    private static TransitionBuilder collectingAt(TransitionBuilder t) {
        var run = t.now().run();
        return collecting(t, keeps(run) ? run.collected() : null);
    }

    /** True where the next stop is another check at the present one's split. */
    private static boolean keeps(Run run) {
        return Stop.keeps(run.stops(), run.reached());
    }

    /** Why nothing can be compared with the other side now; empty where it can. */
    private static String uncompared(Rollout r) {
        if (Baseline.isWanted(r)) {
            return withoutBaseline(r);
        }
        Workload primary = r.primary();
        if (primary == null || !primary.serves()) {
            return "the primary does not serve";
        }
        var split = r.traffic().split();
        return Weight.ALL.isAbove(split.canaryWeight()) || split.matched()
                ? ""
                : "the primary has no share of the traffic";
    }

    private static String withoutBaseline(Rollout r) {
        if (r.baseline() == null || !r.baseline().serves()) {
            return "the baseline does not serve";
        }
        return r.traffic().split().baseline() == null
                ? "the baseline has no share of the traffic"
                : "";
    }

    static TransitionBuilder hookFailed(TransitionBuilder t, Spec.Hook hook, HookAnswered answer) {
        // Flagger's word for those of a check, whatever their type.
        String check =
                hook.type().meaning() instanceof Meaning.Check ? "external" : hook.type().word();
        return failed(
                t,
                "Halt %s advancement %s check %s failed %s"
                        .formatted(t.canary(), check, hook.name(), answer.because()),
                List.of(Evidence.of(hook.name(), Verdict.FAIL, answer.because(), answer.report())));
    }

    /** What a hook that passed told of its test, beside its yes. */
    static TransitionBuilder reported(TransitionBuilder t, Spec.Hook hook, HookAnswered answer) {
        var report = answer.report();
        if (report == null) {
            return t;
        }
        String words = report.words();
        return t.happened(
                "TestReported",
                "Webhook %s: %s".formatted(hook.name(), words),
                List.of(Evidence.of(hook.name(), Verdict.PASS, words, report)));
    }

    /**
     * Judges what was measured.
     *
     * @param generation of the Canary whose metrics were asked for
     */
    static TransitionBuilder measured(
            TransitionBuilder t, long generation, List<Measurement> measurements) {
        var others = ofOtherChecks(t, generation, measurements);
        return others.isPresent()
                ? inconclusive(t, withoutVerdict(others.get()), List.of())
                : judged(t, measurements);
    }

    /**
     * The watcher may have seen an edit that is not known here yet: its answer is to other checks,
     * and is held against none and counted for none.
     */
    private static Optional<String> ofOtherChecks(
            TransitionBuilder t, long generation, List<Measurement> measurements) {
        List<Check> checks = t.spec().checks();
        Optional<String> ofAnEdit =
                generation <= t.now().generation()
                        ? Optional.empty()
                        : Optional.of(
                                "generation %d of the Canary was measured, and the manifest that is known here is generation %d: asked again in the next check"
                                        .formatted(generation, t.now().generation()));
        Optional<String> ofOthers =
                measurements.stream()
                        .filter(
                                one ->
                                        one.check() < 0
                                                || one.check() >= checks.size()
                                                || !checks.get(one.check())
                                                        .name()
                                                        .equals(one.name()))
                        .findFirst()
                        .map(
                                one ->
                                        "spec.analysis.metrics[%d]: %s was measured, which is another metric in the manifest that is known here: asked again in the next check"
                                                .formatted(one.check(), one.name()));
        return ofOthers.or(() -> ofAnEdit);
    }

    private static TransitionBuilder judged(TransitionBuilder t, List<Measurement> measurements) {
        var subject = new Judge.Subject(t.canary(), t.target(), t.spec().provider());
        var before = t.now().run();
        var collected =
                before.collected() == null
                        ? null
                        : before.collected().with(t.spec().checks(), measurements, t.at());
        var rules =
                new Judge.Rules(
                        checks(t),
                        DryRun.isOn(t.now()) ? null : t.spec().score(),
                        t.spec().interval(),
                        uncompared(t.now()));
        var judgement = Judge.judge(subject, rules, measurements, collected, t.at());
        var noted =
                judgement.summary() == null
                        ? before
                        : before.comparing(
                                collected == null
                                        ? null
                                        : collected.judged(t.spec().checks(), measurements),
                                judgement.summary());
        var counted = counted(t, judgement);
        List<Evidence> evidence =
                judgement.evidence().stream().map(one -> one.counted(counted)).toList();
        var told = t.with(noted.counting(counted).judged(JudgementSummary.of(judgement, t.at())));
        var limit = limit(told);
        if (judgement.verdict() != Verdict.FAIL && limit.isPresent()) {
            // An edit left less than what had failed before.
            var words = limit.get();
            return beyondLimit(told.happened("CheckFailed", words, evidence), words, words);
        }
        return switch (judgement.verdict()) {
            case PASS -> passed(told, evidence);
            case FAIL -> failed(told, judgement.words(), evidence);
            case INCONCLUSIVE -> inconclusive(told, judgement, evidence);
        };
    }

    private static List<Check> checks(TransitionBuilder t) {
        String with = Baseline.replacement(t.now());
        List<Check> checks = t.spec().checks();
        if (DryRun.isOn(t.now())) {
            return checks.stream().map(Check::whereItHasAValue).toList();
        }
        return with == null
                ? checks
                : checks.stream().map(check -> check.comparedWith(with)).toList();
    }

    /** What was counted of metrics that an edit left, by their limits of now. */
    static TransitionBuilder limitsEdited(TransitionBuilder t) {
        var run = t.now().run();
        return run.counted() == null
                ? t
                : t.with(
                        run.counting(
                                Counted.of(run.counted(), t.spec().checks(), Map.of(), t.at())));
    }

    /** A check in which readiness was lost counts where it failed, and else not. */
    private static @Nullable Counted counted(TransitionBuilder t, Judge.Judgement judgement) {
        var run = t.now().run();
        Map<String, Verdict> measured = new TreeMap<>(judgement.measured());
        if (!run.readiness().steady()) {
            measured.values().removeIf(verdict -> verdict != Verdict.FAIL);
        }
        return Counted.of(run.counted(), t.spec().checks(), measured, t.at());
    }

    /**
     * A metric had no verdict more often than the Canary tolerates: a check that passes is not
     * enough any more. People are told, and what leads out of it is with what is waited for.
     */
    private static TransitionBuilder undecided(TransitionBuilder t, Undecided it) {
        if (!t.at().isBefore(it.until())) {
            return withoutVerdict(t, it.since(), it.words());
        }
        String begun = Undecided.begun(t.now(), t.at());
        var told =
                begun.isEmpty()
                        ? t
                        : t.warning("Halt %s advancement %s".formatted(t.canary(), begun))
                                .chat(
                                        Severity.WARN,
                                        "Canary analysis holds until people decide: " + begun);
        return interval(told, new Awaited.Reason.Undecided());
    }

    /** What follows where people had no longer to decide about what has no verdict; else empty. */
    static Optional<TransitionBuilder> undecidedForTooLong(TransitionBuilder t) {
        return Undecided.of(t.now())
                .filter(it -> !t.now().held() && !t.at().isBefore(it.until()))
                .map(it -> withoutVerdict(t, it.since(), it.words()));
    }

    private static TransitionBuilder withoutVerdict(
            TransitionBuilder t, Instant since, String because) {
        String words = "no verdict since %s: %s".formatted(since, because);
        return HeldFailure.failed(t, words, "Rolled back, " + words, words);
    }

    /**
     * Holding for a metric has an end: people are told after one deadline, and it fails after two.
     * Where samples are still to come nothing is wrong yet, and the deadlines count from when they
     * should be there, whatever was in doubt before. Where something else is, they count from now.
     */
    private static TransitionBuilder inconclusive(
            TransitionBuilder t, Judge.Judgement judgement, List<Evidence> evidence) {
        var before = t.now().run().doubt();
        var decidedBy = judgement.decidedBy();
        var doubted = decidedBy == null || decidedBy.isBefore(t.at()) ? t.at() : decidedBy;
        var since = before == null ? doubted : since(before, decidedBy, t.at());
        boolean alarmed = before != null && before.alarmed() && since.equals(before.since());
        var deadline = t.spec().progressDeadline();
        boolean early = decidedBy != null && t.at().isBefore(since.plus(deadline));
        var told =
                (early ? t : t.warnOnce(judgement.words()))
                        .happened("CheckInconclusive", judgement.words(), evidence);
        var undecided = Undecided.of(t.now());
        // A hold for people has its own end, and it is the one that they were told.
        if (undecided.isEmpty()
                && !t.at().isBefore(since.plus(deadline.multipliedBy(INCONCLUSIVE_DEADLINES)))) {
            return withoutVerdict(told, since, judgement.words());
        }
        boolean late = !t.at().isBefore(since.plus(deadline));
        var loud =
                late && !alarmed
                        ? told.chat(
                                Severity.WARN,
                                "Canary analysis has no verdict since %s: %s"
                                        .formatted(since, judgement.words()))
                        : told;
        var doubting = loud.with(loud.now().run().doubting(new Run.Doubt(since, late, null)));
        return undecided
                .map(it -> undecided(doubting, it))
                .orElseGet(
                        () ->
                                interval(
                                        doubting,
                                        early
                                                ? new Awaited.Reason.Samples(judgement.words())
                                                : new Awaited.Reason.Inconclusive(
                                                        judgement.words())));
    }

    private static Instant since(Run.Doubt before, @Nullable Instant decidedBy, Instant at) {
        if (decidedBy == null) {
            return before.since().isAfter(at) ? at : before.since();
        }
        return before.since().isBefore(decidedBy) ? decidedBy : before.since();
    }

    private static TransitionBuilder passed(TransitionBuilder t, List<Evidence> evidence) {
        if (!t.now().run().readiness().steady()) {
            return interval(t, new Awaited.Reason.NotSteady());
        }
        return unasked(t, evidence).orElseGet(() -> steadily(t, evidence));
    }

    private static TransitionBuilder steadily(TransitionBuilder t, List<Evidence> evidence) {
        var run = t.now().run();
        var ready = run.with(run.readiness().anew(Baseline.isPairReady(t.now()), t.at()));
        var undecided = Undecided.of(t.now());
        if (undecided.isPresent()) {
            return undecided(
                    t.with(ready.doubting(null))
                            .happened("CheckInconclusive", undecided.get().words(), evidence),
                    undecided.get());
        }
        return t.with(ready.doubting(null))
                .happened("StepPassed", "The analysis passed.", evidence)
                .then(new Next.AskToAdvance());
    }

    private static TransitionBuilder failed(
            TransitionBuilder t, String words, List<Evidence> evidence) {
        var told =
                t.with(t.now().traffic().failed())
                        .with(t.now().run().doubting(null))
                        .warning(words)
                        .happened("CheckFailed", words, evidence);
        int failures = told.now().traffic().failedChecks();
        if (failures >= t.spec().threshold()) {
            return HeldFailure.failed(
                    told,
                    "failed checks threshold reached " + failures,
                    "Failed checks threshold reached " + failures,
                    words);
        }
        return limit(told)
                .map(limit -> beyondLimit(told, limit, limit + ": " + words))
                .orElseGet(
                        () ->
                                // The hold goes on, and its end is the one that people know.
                                Undecided.of(told.now())
                                        .map(it -> undecided(told, it))
                                        .orElseGet(
                                                () ->
                                                        interval(
                                                                told,
                                                                new Awaited.Reason
                                                                        .AfterFailure())));
    }

    /** Which limit of a metric's own its failures have reached, in words; empty while none is. */
    private static Optional<String> limit(TransitionBuilder t) {
        var counted = t.now().run().counted();
        return counted == null ? Optional.empty() : counted.broken();
    }

    private static TransitionBuilder beyondLimit(TransitionBuilder t, String limit, String words) {
        return HeldFailure.failed(t, limit, "Rolled back, " + limit, words);
    }

    // ---- more traffic

    /** Flagger says at every step what a manifest asks for that its provider cannot do. */
    static TransitionBuilder tellWhatHasNoRoute(TransitionBuilder t) {
        if (t.spec().routes()) {
            return t;
        }
        if (t.spec().strategy().iterations() > 0) {
            return t.spec().strategy().matched()
                    ? t.warning("A/B testing is not supported when using the kubernetes provider")
                    : t;
        }
        return t.warning("Progressive traffic is not supported when using the kubernetes provider")
                .warning("Setting canaryAnalysis.iterations: " + Plan.ITERATIONS_WITHOUT_ROUTES);
    }

    /** Sets the split of the next stop; a canary that does not serve gets no traffic. */
    static TransitionBuilder shift(TransitionBuilder t) {
        var next = t.now().run().next().orElse(null);
        if (next == null) {
            return t.then(new Next.AskToPromote());
        }
        if (!Baseline.isPairReady(t.now())) {
            return t.then(new Next.AwaitCanary());
        }
        var primary = t.now().primary();
        boolean rises = Exposure.of(next.split()).isAbove(Exposure.of(t.now().traffic().split()));
        if (next.kind() == Stop.Kind.STAY && rises && primary != null && primary.serves()) {
            // It was to get all traffic since nobody else served, and that is so no longer.
            return t.with(t.now().run().planned(t.spec().stops())).then(new Next.Tick());
        }
        return next.kind() == Stop.Kind.SWITCH
                // Everybody gets it from here on: that is the promotion's gate to allow.
                ? t.then(new Next.AskToPromote())
                : set(t, next);
    }

    /** The gate of the promotion is open: all traffic goes to the canary. */
    static TransitionBuilder switchAll(TransitionBuilder t) {
        var next = t.now().run().next().orElse(null);
        Workload target = t.now().target();
        if (next == null || target == null || !target.releasable()) {
            return t.then(new Next.AwaitCanary());
        }
        boolean moves = !next.split().equals(t.now().traffic().split());
        String words =
                t.now().traffic().split().mirrored()
                        ? "Stop traffic mirroring and route all traffic to canary"
                        : "Routing all traffic to canary";
        return set(moves ? t.normal(words) : t, next);
    }

    private static TransitionBuilder set(TransitionBuilder t, Stop next) {
        return next.split().equals(t.now().traffic().split()) || stays(t, next)
                ? arrived(t)
                : t.ask(new Question.Shift(t.now().run().reached(), t.at(), t.at()));
    }

    private static boolean stays(TransitionBuilder t, Stop next) {
        return next.kind() == Stop.Kind.STAY
                && next.split().canaryWeight().equals(t.now().traffic().canaryWeight());
    }

    /** The split of the next stop was read back: its interval begins. */
    static TransitionBuilder arrived(TransitionBuilder t) {
        Stop stop =
                t.now()
                        .run()
                        .next()
                        .orElseThrow(() -> new IllegalStateException("no stop to arrive at"));
        Weight weight = t.now().traffic().canaryWeight();
        var met = collectingAt(t);
        var there =
                interval(
                        met.with(met.now().traffic().iterated(stop.iteration()))
                                .with(met.now().run().at(met.now().run().reached() + 1)),
                        new Awaited.Reason.Arrived());
        var told =
                switch (stop.kind()) {
                    case WEIGHT ->
                            there.normal(
                                    keeps(t.now().run())
                                                    && !(t.stage().question()
                                                            instanceof Question.Shift)
                                            ? "Keep %s canary weight %s, check %d/%d"
                                                    .formatted(
                                                            t.canary(),
                                                            weight,
                                                            stop.iteration(),
                                                            stop.iterations())
                                            : "Advance %s canary %s"
                                                    .formatted(t.canary(), weighed(t)));
                    case ITERATION ->
                            there.normal(
                                    "Advance %s canary iteration %d/%d%s"
                                            .formatted(
                                                    t.canary(),
                                                    stop.iteration(),
                                                    stop.iterations(),
                                                    copying(t) ? ", " + weighed(t) : ""));
                    case SWITCH, STAY -> there;
                };
        return told.happened(
                "WeightShifted",
                "The canary has %s %% of the traffic%s."
                        .formatted(
                                weight,
                                copying(t)
                                        ? ", and copies of %s %%"
                                                .formatted(t.now().traffic().split().copies())
                                        : ""));
    }

    /** True while a share of the requests is copied that grows. */
    private static boolean copying(TransitionBuilder t) {
        return t.now().traffic().split().copies() != null;
    }

    /** The share that was read back, in Flagger's words, or ours where it is one of copies. */
    private static String weighed(TransitionBuilder t) {
        var split = t.now().traffic().split();
        return split.copies() == null
                ? "weight " + split.canaryWeight()
                : "mirror weight " + split.copies();
    }

    /** The split could not be set yet, and nobody demanded a rollback meanwhile. */
    static TransitionBuilder shiftAgain(TransitionBuilder t, Next.ShiftAgain again) {
        var split = t.now().run().stops().get(again.to()).split();
        boolean rises = Exposure.of(split).isAbove(Exposure.of(t.now().traffic().split()));
        if (rises && t.now().held()) {
            return t.then(new Next.Park(new Next.AskToAdvance()));
        }
        return rises && Freezes.holdingNextStop(t.now(), t.at()).isPresent()
                ? t.then(new Next.AskToAdvance())
                : t.askDespite(
                        new Question.Shift(again.to(), again.since(), t.at()), again.trouble());
    }
}
